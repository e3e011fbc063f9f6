//go:build deep

package blob_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// The S3 server of the test: a real one, small enough to build with go install.
const (
	gatewayModule  = "github.com/versity/versitygw/cmd/versitygw"
	gatewayVersion = "v1.8.0"
	accessKey      = "portal"
	secretKey      = "portal-secret"
)

func TestS3Store(t *testing.T) {
	addr := startGateway(t)
	client, err := minio.New(addr, &minio.Options{Creds: credentials.NewStaticV4(accessKey, secretKey, "")})
	if err != nil {
		t.Fatal(err)
	}
	var n atomic.Int64
	conformance(t, func(t *testing.T) blob.Store {
		bucket := fmt.Sprintf("portal-%d", n.Add(1))
		if err := client.MakeBucket(t.Context(), bucket, minio.MakeBucketOptions{}); err != nil {
			t.Fatal(err)
		}
		return openBucket(t, addr, bucket)
	})

	t.Run("a bucket that does not exist", func(t *testing.T) {
		t.Parallel()
		s := openBucket(t, addr, "nowhere")
		if err := s.Check(t.Context()); errs.KindOf(err) != errs.Unavailable {
			t.Errorf("Check = %v", err)
		}
		if err := s.Put(t.Context(), "a.jpg", strings.NewReader("x"), 1, "image/jpeg"); errs.KindOf(err) != errs.Unavailable {
			t.Errorf("Put = %v", err)
		}
	})
	t.Run("a wrong password", func(t *testing.T) {
		t.Parallel()
		s, err := blob.Open("s3://portal:wrong@portal-1?endpoint=http://" + addr)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Check(t.Context()); errs.KindOf(err) != errs.Unavailable {
			t.Errorf("Check = %v", err)
		}
	})
}

func openBucket(t *testing.T, addr, bucket string) blob.Store {
	t.Helper()
	s, err := blob.Open("s3://" + accessKey + ":" + secretKey + "@" + bucket + "?endpoint=http://" + addr + "&region=us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// startGateway runs the S3 server on a free loopback port until the test ends.
func startGateway(t *testing.T) string {
	t.Helper()
	bin := gateway(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()

	data := filepath.Join(t.TempDir(), "s3")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	cmd := exec.Command(bin, "--access", accessKey, "--secret", secretKey, "--port", addr, "--region", "us-east-1", "posix", "--sidecar", sidecar(t), data)
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-exited
	})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
		if err == nil {
			_ = conn.Close()
			return addr
		}
		select {
		case err := <-exited:
			exited <- err
			t.Fatalf("the S3 server ended: %v\n%s", err, out.String())
		case <-ctx.Done():
			t.Fatalf("the S3 server does not answer on %s", addr)
		case <-tick.C:
		}
	}
}

// sidecar is where the server keeps object metadata; temporary file systems
// often lack the extended attributes that it would use otherwise.
func sidecar(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "meta")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// gateway returns the server's binary, built once into the project's .tools.
func gateway(t *testing.T) string {
	t.Helper()
	tools, err := filepath.Abs("../../../.tools")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(tools, "versitygw-"+gatewayVersion)
	bin := filepath.Join(dir, "versitygw")
	if _, err := os.Stat(bin); err == nil {
		return bin
	}
	cmd := exec.Command("go", "install", gatewayModule+"@"+gatewayVersion)
	cmd.Dir = os.TempDir() // outside the module: go.mod must not change
	cmd.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("install the S3 server: %v\n%s", err, out)
	}
	return bin
}
