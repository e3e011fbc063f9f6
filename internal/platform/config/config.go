// Package config reads the portal's settings from the environment. A wrong
// value stops the start with its name and what was expected; values that may
// be secret are never part of an error.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Config are the settings of docs/operators.md.
type Config struct {
	DatabaseURL        string   `env:"DATABASE_URL"`
	DatabaseReplicaURL string   `env:"DATABASE_REPLICA_URL"`
	DatabaseDirectURL  string   `env:"DATABASE_DIRECT_URL"`
	DatabaseMigrateURL string   `env:"DATABASE_MIGRATE_URL"`
	Name               string   `env:"PORTAL_NAME" envDefault:"Makassar Tidak Rantasa"`
	TrustedProxies     []string `env:"PORTAL_TRUSTED_PROXIES"`
	RateLimits         string   `env:"PORTAL_RATE_LIMITS" envDefault:"on"`
	Addr               string   `env:"PORTAL_ADDR" envDefault:"127.0.0.1:8080"`
	AdminAddr          string   `env:"PORTAL_ADMIN_ADDR"`
	MostConnections    string   `env:"PORTAL_CONNECTIONS" envDefault:"20000"`
	BaseURL            string   `env:"PORTAL_BASE_URL"`
	DataDir            string   `env:"PORTAL_DATA_DIR" envDefault:".local"`
	SecretFile         string   `env:"PORTAL_SECRET_FILE"`
	BlobURL            string   `env:"BLOB_URL"`
	SMTPURL            string   `env:"SMTP_URL"`
	WhatsAppURL        string   `env:"WHATSAPP_URL"`
	SMSURL             string   `env:"SMS_URL"`
	PushHosts          string   `env:"PORTAL_PUSH_HOSTS" envDefault:"fcm.googleapis.com,.push.services.mozilla.com,.push.apple.com,.notify.windows.com"`
	BSrEURL            string   `env:"BSRE_URL"`
	BPJSAntreanURL     string   `env:"BPJS_ANTREAN_URL"`
	BPJSSatusehatURL   string   `env:"BPJS_SATUSEHAT_URL"`
	TileURL            string   `env:"TILE_URL" envDefault:"https://tile.openstreetmap.org/{z}/{x}/{y}.png"`
	TileProxyURL       string   `env:"TILE_PROXY_URL"`
	SecurityContact    string   `env:"PORTAL_SECURITY_CONTACT"`
	OTLPEndpoint       string   `env:"OTEL_EXPORTER_OTLP_ENDPOINT"`
	SlowQuery          string   `env:"PORTAL_SLOW_QUERY" envDefault:"500ms"`
	DrainTime          string   `env:"PORTAL_DRAIN" envDefault:"0s"`
	DemoPassword       string   `env:"PORTAL_DEMO_PASSWORD"`
	DemoBPJS           string   `env:"PORTAL_DEMO_BPJS"`
	DemoAPIKey         string   `env:"PORTAL_DEMO_API_KEY"`

	// Dev is set by `portal dev` only: demo accounts, no second factor.
	Dev bool `env:"-"`
	// Proxies is TrustedProxies, parsed.
	Proxies []netip.Prefix `env:"-"`
	// Connections is MostConnections, parsed.
	Connections int `env:"-"`
	// Slow is SlowQuery, parsed.
	Slow time.Duration `env:"-"`
	// Drain is DrainTime, parsed.
	Drain time.Duration `env:"-"`
}

// Load reads and checks the environment. environ is os.Environ() or a test's.
func Load(environ []string) (*Config, error) {
	var c Config
	if err := env.ParseWithOptions(&c, env.Options{Environment: env.ToMap(environ)}); err != nil {
		return nil, errors.New("settings: a value cannot be read; see docs/operators.md") // the library's error quotes values
	}
	if c.BaseURL == "" {
		c.BaseURL = "http://" + c.Addr
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	dir, err := filepath.Abs(c.DataDir)
	if err != nil {
		return nil, fmt.Errorf("PORTAL_DATA_DIR: %w", err)
	}
	c.DataDir = dir
	if c.SecretFile == "" {
		c.SecretFile = filepath.Join(c.DataDir, "rahasia")
	}
	if c.BlobURL == "" {
		c.BlobURL = "file://" + filepath.Join(c.DataDir, "berkas")
	}
	return &c, c.check()
}

func (c *Config) check() error {
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		return errors.New("PORTAL_ADDR must be host:port, for example 127.0.0.1:8080")
	}
	if c.AdminAddr != "" {
		if _, _, err := net.SplitHostPort(c.AdminAddr); err != nil {
			return errors.New("PORTAL_ADMIN_ADDR must be host:port, for example 127.0.0.1:9090")
		}
	}
	if u, err := url.Parse(c.BaseURL); err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Path != "" {
		return errors.New("PORTAL_BASE_URL must be http(s)://host without a path")
	}
	if c.RateLimits != "on" && c.RateLimits != "off" {
		return errors.New("PORTAL_RATE_LIMITS must be on or off")
	}
	most, err := strconv.Atoi(c.MostConnections)
	if err != nil || most < 100 || most > 1_000_000 {
		return errors.New("PORTAL_CONNECTIONS must be a whole number from 100 to 1000000")
	}
	c.Connections = most
	slow, err := time.ParseDuration(c.SlowQuery)
	if err != nil || slow < time.Millisecond {
		return errors.New("PORTAL_SLOW_QUERY must be a time such as 500ms or 2s")
	}
	c.Slow = slow
	drain, err := time.ParseDuration(c.DrainTime)
	if err != nil || drain < 0 || drain > time.Minute {
		return errors.New("PORTAL_DRAIN must be a time up to 1m, such as 5s")
	}
	c.Drain = drain
	for name, value := range map[string]string{
		"DATABASE_URL": c.DatabaseURL, "DATABASE_REPLICA_URL": c.DatabaseReplicaURL,
		"DATABASE_DIRECT_URL": c.DatabaseDirectURL, "DATABASE_MIGRATE_URL": c.DatabaseMigrateURL,
	} {
		if value != "" && !strings.HasPrefix(value, "postgres://") && !strings.HasPrefix(value, "postgresql://") {
			return fmt.Errorf("%s must start with postgres://", name)
		}
	}
	for name, v := range map[string]struct{ value, schemes string }{
		"BLOB_URL": {c.BlobURL, "file s3"}, "SMTP_URL": {c.SMTPURL, "smtp smtps"},
		"WHATSAPP_URL": {c.WhatsAppURL, "http https"}, "SMS_URL": {c.SMSURL, "http https"}, "BSRE_URL": {c.BSrEURL, "http https"},
		"BPJS_ANTREAN_URL": {c.BPJSAntreanURL, "http https"}, "BPJS_SATUSEHAT_URL": {c.BPJSSatusehatURL, "http https"},
		"TILE_URL":                    {strings.NewReplacer("{", "", "}", "").Replace(c.TileURL), "http https"},
		"TILE_PROXY_URL":              {strings.NewReplacer("{", "", "}", "").Replace(c.TileProxyURL), "http https"},
		"OTEL_EXPORTER_OTLP_ENDPOINT": {c.OTLPEndpoint, "http https"},
		"PORTAL_SECURITY_CONTACT":     {c.SecurityContact, "mailto https tel"},
	} {
		if v.value == "" {
			continue
		}
		u, err := url.Parse(v.value)
		if err != nil || !strings.Contains(" "+v.schemes+" ", " "+u.Scheme+" ") {
			return fmt.Errorf("%s must be an address with one of the schemes: %s", name, v.schemes)
		}
	}
	for _, part := range []string{"{z}", "{x}", "{y}"} {
		if c.TileProxyURL != "" && !strings.Contains(c.TileProxyURL, part) {
			return errors.New("TILE_PROXY_URL must have {z}, {x} and {y}, as in https://tiles.example/{z}/{x}/{y}.png")
		}
	}
	for _, p := range c.TrustedProxies {
		prefix, err := netip.ParsePrefix(strings.TrimSpace(p))
		if err != nil {
			return errors.New("PORTAL_TRUSTED_PROXIES must be a comma-separated list of CIDRs, for example 10.0.0.0/8")
		}
		c.Proxies = append(c.Proxies, prefix)
	}
	return nil
}

// Secure tells whether people reach the portal by https: cookies are Secure
// and HSTS is sent exactly then.
func (c *Config) Secure() bool { return strings.HasPrefix(c.BaseURL, "https://") }

// Exposed tells whether people type an address without https that does not stay on this machine
// or its network: then nobody's cookies or words are safe on the way. Names without a dot are local.
func (c *Config) Exposed() bool {
	u, err := url.Parse(c.BaseURL)
	if err != nil || c.Secure() {
		return false
	}
	host := u.Hostname()
	if ip, err := netip.ParseAddr(host); err == nil {
		return !ip.IsLoopback() && !ip.IsPrivate() && !ip.IsLinkLocalUnicast() && !ip.IsUnspecified()
	}
	return strings.Contains(host, ".") && !strings.HasSuffix(host, ".localhost")
}

// Direct is the database address for what a transaction pooler cannot carry.
func (c *Config) Direct() string {
	if c.DatabaseDirectURL != "" {
		return c.DatabaseDirectURL
	}
	return c.DatabaseURL
}

// Pooled tells whether DatabaseURL goes through a transaction pooler.
func (c *Config) Pooled() bool { return c.DatabaseDirectURL != "" }

// Limited tells whether rate limits are in force. They can be switched off
// on loopback only.
func (c *Config) Limited() bool {
	host, _, _ := net.SplitHostPort(c.Addr)
	ip, err := netip.ParseAddr(host)
	loopback := host == "localhost" || err == nil && ip.IsLoopback()
	return c.RateLimits != "off" || !loopback
}
