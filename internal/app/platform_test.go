package app_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/app"
)

// A client learns at its start what everybody may know, from the settings, without logging in.
func TestPlatformTellsClientsWhatTheyStartWith(t *testing.T) {
	a, err := app.New(t.Context(), migratedNode(t, "REDPROPERTY_PLATFORM__OPERATOR=宁海街道办事处", "REDPROPERTY_PLATFORM__FILING_NUMBER=鲁ICP备20260001号"), quiet, "1.2.3")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	anyone := &caller{t: t, serve: a.API}
	facts := anyone.get("/platform")
	require.Equal(t, "public, max-age=60", facts.header.Get("Cache-Control"))
	require.Equal(t, "1.2.3", facts.text("version"))
	require.Equal(t, "muping", facts.text("locality.code"))
	require.Equal(t, "119", facts.text("emergency.code=fire.number"))
	require.Equal(t, "110", facts.text("emergency.code=police.number"))
	require.Equal(t, "120", facts.text("emergency.code=ambulance.number"))
	require.Equal(t, "log", facts.text("loginCodes"))
	require.Equal(t, "zh-CN", facts.text("languages.0.tag"))
	require.Equal(t, "宁海街道办事处", facts.text("operator"))
	require.Equal(t, "鲁ICP备20260001号", facts.text("filingNumber"))
	require.Equal(t, false, facts.at("demonstration"))
	anyone.do(http.MethodGet, "/platform/demonstration-accounts", nil).want(404)
}

// The demonstration's passwords are on its page where nobody but this machine reaches it, or where the settings say so.
func TestDemonstrationAccountsStayOnThisMachine(t *testing.T) {
	for name, c := range map[string]struct {
		settings  []string
		status    int // to who asks on this machine
		elsewhere int
	}{
		"this machine":        {nil, 200, 404},
		"by name":             {[]string{"REDPROPERTY_HTTP__LISTEN=localhost:8080", "REDPROPERTY_HTTP__PUBLIC_URL=http://localhost:8080"}, 200, 404},
		"every interface":     {[]string{"REDPROPERTY_HTTP__LISTEN=0.0.0.0:8080"}, 404, 404},
		"behind a proxy":      {[]string{"REDPROPERTY_HTTP__PUBLIC_URL=https://demo.example.org"}, 404, 404},
		"a proxy's name kept": {[]string{"REDPROPERTY_HTTP__TRUSTED_PROXIES=127.0.0.1"}, 404, 404},
		"the settings say":    {[]string{"REDPROPERTY_HTTP__LISTEN=:8080", "REDPROPERTY_DEMONSTRATION__SHOW_ACCOUNTS=true"}, 200, 200},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := app.New(t.Context(), migratedNode(t, c.settings...), quiet, "test")
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, a.Close()) })
			a.ShowAccounts(app.Accounts{Rows: []app.DemoAccount{{Who: "业主 沈女士", UserName: "owner", Password: "abcd-efgh-ijkl", Role: "owner"}}})
			anyone := &caller{t: t, serve: a.API}
			here := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8080/api/v1/platform/demonstration-accounts", nil)
			here.RemoteAddr = "127.0.0.1:40000"
			w := httptest.NewRecorder()
			a.API.ServeHTTP(w, here)
			list := answer{t: t, asked: "here", status: w.Code, header: w.Header(), body: w.Body.Bytes()}.want(c.status)
			anyone.do(http.MethodGet, "/platform/demonstration-accounts", nil).want(c.elsewhere)
			require.Equal(t, true, anyone.get("/platform").at("demonstration"))
			require.Equal(t, c.status == 200, anyone.get("/platform").at("demonstrationAccounts"))
			if c.status == 200 {
				require.Equal(t, "abcd-efgh-ijkl", list.text("0.password"))
				require.Equal(t, "no-store", list.header.Get("Cache-Control"))
			}
		})
	}
}
