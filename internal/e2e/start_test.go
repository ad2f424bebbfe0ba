package e2e

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql" // to make an empty database
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// A wrong setting stops the start, and the message names it and says what was expected.
func TestBadSettings(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, taken.Close()) })
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "settings.yaml")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	for name, c := range map[string]struct {
		env, args []string
		says      []string
	}{
		"unknown key in the environment": {env: []string{"REDPROPERTY_HTTP__LISTNE=127.0.0.1:1"}, says: []string{"listne", "configs/redproperty.yaml"}},
		"unknown key in the file":        {args: []string{"--config", file("htpp:\n  listen: 127.0.0.1:1\n")}, says: []string{"htpp", "configs/redproperty.yaml"}},
		"missing file":                   {args: []string{"--config", "/nowhere/settings.yaml"}, says: []string{"/nowhere/settings.yaml"}},
		"no address":                     {env: []string{"REDPROPERTY_HTTP__LISTEN=nonsense"}, says: []string{"http.listen", "want host:port"}},
		"no database":                    {env: []string{"REDPROPERTY_DATABASE__URL=postgres://x"}, says: []string{"database.url", "want sqlite:PATH or mysql://"}},
		"no number":                      {env: []string{"REDPROPERTY_DATABASE__MAX_OPEN=many"}, says: []string{"max_open"}},
		"no duration":                    {env: []string{"REDPROPERTY_LOGIN__IDLE=soon"}, says: []string{"login.idle"}},
		"idle beyond absolute":           {env: []string{"REDPROPERTY_LOGIN__IDLE=9000h"}, says: []string{"login.idle", "at most login.absolute"}},
		"unknown level":                  {env: []string{"REDPROPERTY_LOG__LEVEL=loud"}, says: []string{"log.level", "debug, info, warn or error"}},
		"unknown locality":               {env: []string{"REDPROPERTY_LOCALITY=atlantis"}, says: []string{"locality", "atlantis"}},
		"missing secret file":            {env: []string{"REDPROPERTY_DATABASE__URL_FILE=/nowhere/secret"}, says: []string{"database.url_file", "/nowhere/secret"}},
		"port taken":                     {env: []string{"REDPROPERTY_HTTP__LISTEN=" + taken.Addr().String()}, says: []string{"http.listen", "in use"}},
		"server away":                    {env: []string{"REDPROPERTY_DATABASE__URL=mysql://someone:hush-secret@127.0.0.1:1/x"}, says: []string{"database.url", "127.0.0.1:1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := install(t, embedded, c.env...)
			out, code := command(t, append(in.env, c.env...), append([]string{"serve"}, c.args...)...)
			require.Equal(t, 1, code, out)
			for _, part := range c.says {
				require.Contains(t, out, part)
			}
			require.NotContains(t, out, "hush-secret", "no password in a message")
			require.NotContains(t, out, "goroutine ")
		})
	}
}

// A database that a newer program wrote is left alone.
func TestNewerDatabase(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e engine) {
		in := install(t, e)
		out, code := command(t, in.env, "migrate")
		require.Zero(t, code, out)
		db := in.database()
		require.NoError(t, db.InTx(context.Background(), func(ctx context.Context, tx *dbx.Tx) error {
			return tx.ExecOne(ctx, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)")
		}))
		out, code = command(t, in.env, "serve")
		require.Equal(t, 1, code, out)
		require.Contains(t, out, "newer than this program")
		require.Contains(t, out, "install the newer program")
	})
}

// A database older than a checkpoint that left the machine, or without its keys, is not served.
func TestLostHistory(t *testing.T) {
	t.Parallel()
	w := explore(install(t, embedded).up("demo"))
	sealed(w)
	require.Eventually(t, func() bool { return exists(filepath.Join(w.dir, "checkpoints")) }, 20*time.Second, 50*time.Millisecond)
	w.stop()
	keys := filepath.Join(w.dir, "keys")
	require.NoError(t, os.Rename(keys, keys+".away"))
	out, code := command(t, w.env, "serve")
	require.Equal(t, 1, code, out)
	require.Contains(t, out, "key")
	require.NoError(t, os.RemoveAll(keys))
	require.NoError(t, os.Rename(keys+".away", keys))

	files, err := filepath.Glob(filepath.Join(w.dir, "redproperty.db*"))
	require.NoError(t, err)
	for _, f := range files {
		require.NoError(t, os.Remove(f))
	}
	require.NoError(t, os.Remove(filepath.Join(keys, "redproperty.keys"))) // those of the old database
	out, code = command(t, w.env, "serve")
	require.Equal(t, 1, code, out)
	require.Contains(t, out, "restored from an old backup")
}

// Two processes begin on one empty database: both serve the same, one of them holds the lease of each job and
// keeps it, and when one dies the other goes on.
func TestTwoReplicas(t *testing.T) {
	t.Parallel()
	if !haveServers(t) {
		return
	}
	in := install(t, engine{"mysql", emptyDatabase})
	other := in.replica()
	in.start("serve")
	other.start("serve")
	in.ready()
	other.ready()

	out, code := command(t, in.env, "admin", "create", "--user-name", "root-admin", "--name", "管理员", "--phone", "19911200001")
	require.Zero(t, code, out)
	in.login["root-admin"] = regexp.MustCompile(`Password:\s+(\S+)`).FindStringSubmatch(out)[1]
	here := in.as("root-admin")
	there := &user{in: other, name: here.name, cookie: here.cookie}
	here.put("/account/user-name", obj{"userName": "root-two"}).want(204)
	require.Equal(t, "root-two", there.get("/account").want(200).str("userName"), "one log-in, two processes")

	db := in.database()
	const held = "SELECT COUNT(*) FROM lease WHERE name LIKE 'job:%' AND epoch = 1"
	require.Eventually(t, func() bool { return count(t, db, "SELECT COUNT(*) FROM audit_record WHERE seq IS NULL") == 0 }, 20*time.Second, 100*time.Millisecond, "the trail is sealed")
	for range 20 {
		require.Equal(t, count(t, db, "SELECT COUNT(*) FROM lease WHERE name LIKE 'job:%'"), count(t, db, held), "a lease changed hands while its holder lives")
		time.Sleep(100 * time.Millisecond)
	}
	in.verify()
	in.kill()
	there.put("/account/user-name", obj{"userName": "root-three"}).want(204)
	require.True(t, other.isReady())
	other.verify()
}

// emptyDatabase is a new database without tables.
func emptyDatabase(t *testing.T) []string {
	t.Helper()
	server := os.Getenv(mysqlEnv)
	if !strings.Contains(server, "tcp(") {
		who, addr, _ := strings.Cut(server, "@")
		server = fmt.Sprintf("%s@tcp(%s)/", who, strings.TrimSuffix(addr, "/"))
	}
	db, err := sql.Open("mysql", server)
	require.NoError(t, err)
	name := "rp_e2e_" + id.New().Segment()
	_, err = db.ExecContext(context.Background(), "CREATE DATABASE "+name+" CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := db.ExecContext(context.Background(), "DROP DATABASE "+name)
		require.NoError(t, err)
		require.NoError(t, db.Close())
	})
	url := "mysql://" + strings.TrimSuffix(strings.NewReplacer("tcp(", "", ")", "").Replace(server), "/") + "/" + name
	return []string{"REDPROPERTY_DATABASE__URL=" + url, "REDPROPERTY_REDIS__URL=redis://" + os.Getenv(redisEnv) + "/0"}
}
