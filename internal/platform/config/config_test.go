package config

import (
	"strings"
	"testing"
)

func TestWrongValueNamesTheSettingNotTheValue(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"PORTAL_ADDR": "rahasia", "PORTAL_BASE_URL": "ftp://rahasia", "PORTAL_RATE_LIMITS": "rahasia",
		"DATABASE_URL": "mysql://u:rahasia@h/d", "BLOB_URL": "rahasia", "SMTP_URL": "http://u:rahasia@h",
		"PORTAL_TRUSTED_PROXIES": "rahasia", "TILE_URL": "rahasia", "DATABASE_REPLICA_URL": "rahasia", "BSRE_URL": "ftp://u:rahasia@h",
		"PORTAL_DRAIN": "rahasia", "PORTAL_CONNECTIONS": "rahasia",
		"TILE_PROXY_URL": "https://rahasia.example/{z}/{x}.png",
	} {
		_, err := Load([]string{name + "=" + value})
		if err == nil {
			t.Errorf("%s=%s passed", name, value)
			continue
		}
		if !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "rahasia") {
			t.Errorf("%s: error must name the setting and hide the value: %v", name, err)
		}
	}
}

func TestRateLimitsGoOffOnlyOnLoopback(t *testing.T) {
	t.Parallel()
	for addr, limited := range map[string]bool{"127.0.0.1:1": false, "[::1]:1": false, "localhost:1": false, "0.0.0.0:1": true, "10.1.1.1:1": true, ":1": true} {
		c, err := Load([]string{"PORTAL_RATE_LIMITS=off", "PORTAL_ADDR=" + addr, "PORTAL_BASE_URL=https://x.example"})
		if err != nil {
			t.Fatal(err)
		}
		if c.Limited() != limited {
			t.Errorf("%s: limited = %v", addr, c.Limited())
		}
		if !c.Secure() {
			t.Error("https must be secure")
		}
	}
}

func TestWithoutHTTPSOnlyALocalAddressIsNotExposed(t *testing.T) {
	t.Parallel()
	for address, exposed := range map[string]bool{
		"http://portal.contoh.go.id": true, "http://203.0.113.7:8080": true, "http://[2001:db8::7]": true,
		"https://portal.contoh.go.id": false, "http://localhost:8080": false, "http://uji.localhost": false, "http://portal:8080": false,
		"http://127.0.0.1:8080": false, "http://[::1]:8080": false, "http://10.1.1.1": false, "http://[fd00::1]": false, "http://0.0.0.0:8080": false,
	} {
		c, err := Load([]string{"PORTAL_BASE_URL=" + address})
		if err != nil {
			t.Fatal(err)
		}
		if c.Exposed() != exposed {
			t.Errorf("%s: exposed %v", address, c.Exposed())
		}
	}
}
