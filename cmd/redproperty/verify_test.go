package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/app"
)

const kept = "../../internal/bundle/testdata/round"

func read(t *testing.T, ending string) string {
	t.Helper()
	body, err := os.ReadFile(kept + ending)
	require.NoError(t, err)
	return strings.TrimSpace(string(body))
}

// run is the program with arguments, without settings.
func run(args ...string) (string, error) {
	var out bytes.Buffer
	cmd := root()
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	err := cmd.ExecuteContext(context.Background())
	return out.String(), err
}

func TestABundleIsVerifiedWithoutSettings(t *testing.T) {
	out, err := run("verify", "bundle", kept+".jsonl.gz", "--key", read(t, ".key"))
	require.NoError(t, err, out)
	require.Contains(t, out, "55 responses in 4 strata")
	require.Contains(t, out, "33 responses of small strata show their answers together only, 2 show none")
	require.NotContains(t, out, "--key")
	out, err = run("verify", "bundle", kept+".jsonl.gz")
	require.NoError(t, err)
	require.Contains(t, out, "Compare it with the one you know")
}

func TestADamagedBundleIsNamedAndFails(t *testing.T) {
	body, err := os.ReadFile(kept + ".jsonl.gz")
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "cut.gz")
	require.NoError(t, os.WriteFile(file, body[:len(body)-2000], 0o600))
	out, err := run("verify", "bundle", file)
	require.ErrorIs(t, err, app.ErrTampered)
	require.Contains(t, out, "PROBLEM: ")
	_, err = run("verify", "bundle", kept+".key")
	require.ErrorContains(t, err, "no bundle")
}

func TestAReceiptIsVerifiedAgainstAFileOrAServer(t *testing.T) {
	out, err := run("verify", "receipt", read(t, ".receipt"), "--bundle", kept+".jsonl.gz", "--key", read(t, ".key"))
	require.NoError(t, err, out)
	require.Contains(t, out, "counted as it was cast")
	var asked string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.Path
		http.ServeFile(w, r, kept+".jsonl.gz")
	}))
	defer server.Close()
	out, err = run("verify", "receipt", read(t, ".receipt"), "--server", server.URL)
	require.NoError(t, err, out)
	require.Contains(t, asked, "/api/v1/public/survey-rounds/")
	require.Contains(t, out, "counted as it was cast")
	_, err = run("verify", "receipt", "RPR1.x", "--server", server.URL)
	require.ErrorContains(t, err, "no receipt")
	_, err = run("verify", "receipt", read(t, ".receipt"))
	require.ErrorContains(t, err, "at least one")
}
