package e2e

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/dbtest/mariadbserver"
	"github.com/redproperty/redproperty/internal/dbtest/redisserver"
)

// The database server is killed while people draw and cast, twice, and the program goes on: whatever was acknowledged is in the
// ledger in the end, and every device shows it from its own file. Nothing of a ballot is ever in Redis.
func TestARoundSurvivesRestartsOfTheDatabase(t *testing.T) {
	t.Parallel()
	if !haveServers(t) {
		return
	}
	server, cache := mariadbserver.Start(t), redisserver.StartPrivate(t)
	in := install(t, embedded, "REDPROPERTY_DATABASE__URL="+server.NewURL(t, "round"), "REDPROPERTY_REDIS__URL=redis://"+cache.Addr+"/0").up("demo")
	in.kill()
	db := in.database()
	in.moment(db, "opens_at")
	in.up("demo")
	devices := []*device{in.device("owner")}
	for _, late := range []string{"tenant", ""} {
		killed := make(chan struct{})
		time.AfterFunc(200*time.Millisecond, func() { server.Kill(); close(killed) })
		castUntilDown(devices, 20)
		<-killed
		_, err := devices[0].Cast(t.Context(), devices[0].client, devices[0].answers(2))
		require.ErrorContains(t, err, "unavailable", "a client knows that it may try again")
		in.nobody().get("/public/survey-rounds/" + devices[0].Round.String() + "/score").want(503)
		server.Restart(t)
		require.Eventually(t, in.isReady, startPatience, 50*time.Millisecond, "it finds its database again")
		if late != "" {
			devices = append(devices, in.device(late))
		}
	}
	for _, d := range devices {
		last := d.answers(3)
		if n := len(d.Casts); n > 0 {
			last = d.Casts[n-1].Answers
		}
		for range 2 {
			_, err := d.Cast(t.Context(), d.client, last)
			require.NoError(t, err)
		}
	}
	in.nothingInRedis(cache, devices)
	in.kill()
	in.moment(db, "closes_at")
	in.up("demo")
	in.everyReceiptIsKept(db, devices)
}

// nothingInRedis casts again and wants that this changes nothing in Redis, and that no key and no value there has anything of a ballot.
func (in *installation) nothingInRedis(cache *redisserver.Server, devices []*device) {
	in.t.Helper()
	ctx := in.t.Context()
	client := redis.NewClient(&redis.Options{Addr: cache.Addr})
	in.t.Cleanup(func() { _ = client.Close() })
	dump := func() map[string]string {
		out := map[string]string{}
		keys, err := client.Keys(ctx, "*").Result()
		require.NoError(in.t, err)
		for _, k := range keys {
			value, err := client.Dump(ctx, k).Result()
			if err == nil { // else it ran out in between
				out[k] = value
			}
		}
		return out
	}
	before := dump()
	require.NotEmpty(in.t, before, "limits are kept there")
	for _, d := range devices {
		_, err := d.Cast(ctx, d.client, d.answers(4))
		require.NoError(in.t, err)
	}
	after := dump()
	for k, v := range after {
		if !strings.HasPrefix(k, "rl:{read:") { // the device reads the questionnaire first, and reads are limited by address
			require.Equal(in.t, before[k], v, "casting changed %q", k)
		}
		for _, d := range devices {
			token, name := d.Ballot.Secret.Token(), d.Ballot.Name()
			for _, secret := range [][]byte{token[:], name[:], d.Ballot.Prefix[:], d.Ballot.Signature} {
				for _, form := range []string{string(secret), base64.RawURLEncoding.EncodeToString(secret), base64.StdEncoding.EncodeToString(secret)} {
					require.NotContains(in.t, k+v, form)
				}
			}
		}
	}
}
