package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"makassartidakrantasa.com/portal/internal/platform/turn"
)

// maxBuffered is the size up to which a blob is read before it is sent: then a
// dropped connection can be retried, and a wrong size is noticed before the
// store sees anything. Above it the upload is streamed in parts.
const maxBuffered = 16 << 20

type s3Store struct {
	client *minio.Client
	bucket string
}

func openS3(u *url.URL) (Store, error) {
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, errors.New("blob: bad query in the S3 address")
	}
	if u.Host == "" || (u.Path != "" && u.Path != "/") {
		return nil, errors.New("blob: an S3 address names a bucket and nothing below it, as in s3://portal?endpoint=https://…")
	}
	endpoint, err := url.Parse(q.Get("endpoint"))
	if err != nil || endpoint.Host == "" || (endpoint.Scheme != "http" && endpoint.Scheme != "https") {
		return nil, errors.New("blob: an S3 address needs endpoint=http://host:port or endpoint=https://host")
	}
	id, secret := os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY")
	if u.User != nil {
		id = u.User.Username()
		secret, _ = u.User.Password()
	}
	if id == "" || secret == "" {
		return nil, errors.New("blob: S3 needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or user:password in the address")
	}
	region := q.Get("region")
	if region == "" {
		region = "us-east-1" // what S3 servers of one's own answer to
	}
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(id, secret, ""),
		Secure: endpoint.Scheme == "https",
		Region: region, // set, so that no request is spent on asking for it
		// Own servers rarely have the DNS for bucket.host.
		BucketLookup: minio.BucketLookupPath,
		MaxRetries:   3, // the default of 10 keeps a citizen waiting for minutes
	})
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return &s3Store{client: client, bucket: u.Host}, nil
}

func (s *s3Store) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	if err := checkPut(key, size, contentType); err != nil {
		return err
	}
	if contentType == "" {
		contentType = DefaultContentType
	}
	body := io.Reader(&exactReader{ctx: ctx, r: r, n: size})
	if size <= maxBuffered {
		b, err := io.ReadAll(body)
		if err != nil {
			return fmt.Errorf("blob: %s: %w", key, err)
		}
		body = bytes.NewReader(b)
	}
	if _, err := s.client.PutObject(ctx, s.bucket, key, body, size, minio.PutObjectOptions{ContentType: contentType}); err != nil {
		return s3Error(key, err)
	}
	return nil
}

func (s *s3Store) Get(ctx context.Context, key string) (io.ReadCloser, Info, error) {
	if err := checkKey(key); err != nil {
		return nil, Info{}, notFound(err)
	}
	turn.Leave(ctx)
	obj, err := s.client.GetObject(ctx, s.bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, Info{}, s3Error(key, err)
	}
	// GetObject asks for nothing until the first use.
	st, err := obj.Stat()
	if err != nil {
		_ = obj.Close()
		return nil, Info{}, s3Error(key, err)
	}
	return obj, Info{Size: st.Size, ContentType: st.ContentType, ModTime: st.LastModified}, nil
}

func (s *s3Store) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	err := s.client.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{})
	if err != nil && minio.ToErrorResponse(err).Code != minio.NoSuchKey {
		return s3Error(key, err)
	}
	return nil
}

func (s *s3Store) List(ctx context.Context, each func(key string, info Info) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the listing when each fails
	for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Recursive: true}) {
		if o.Err != nil {
			return s3Error("list", o.Err)
		}
		if err := each(o.Key, Info{Size: o.Size, ModTime: o.LastModified}); err != nil {
			return err
		}
	}
	return nil
}

func (s *s3Store) Check(ctx context.Context) error {
	ok, err := s.client.BucketExists(ctx, s.bucket)
	if err != nil {
		return s3Error("check", err)
	}
	if !ok {
		return unavailable(fmt.Errorf("blob: bucket %q does not exist", s.bucket))
	}
	return nil
}

func s3Error(key string, err error) error {
	res := minio.ToErrorResponse(err)
	err = fmt.Errorf("blob: %s: %w", key, err)
	switch {
	case errors.Is(err, errSize), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case res.Code == minio.NoSuchKey:
		return notFound(err)
	case res.StatusCode == http.StatusNotFound && res.Code != minio.NoSuchBucket:
		return notFound(err)
	default:
		return unavailable(err)
	}
}
