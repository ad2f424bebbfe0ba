package redisserver

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPrivateServerAnswersAndDies(t *testing.T) {
	s := StartPrivate(t)
	s.must(t, "SET a 1")
	got, err := s.command("GET a")
	require.NoError(t, err)
	require.Equal(t, "1", got)

	s.Kill()
	_, err = net.DialTimeout("tcp", s.Addr, time.Second)
	require.Error(t, err)
}

func TestSharedServerIsPreferred(t *testing.T) {
	t.Setenv(singleVariable, "shared:1")
	t.Setenv(clusterVariable, "shared:1,shared:2")
	require.Equal(t, "shared:1", Start(t))
	require.Equal(t, []string{"shared:1", "shared:2"}, StartCluster(t, 3))
}

func TestClusterSpreadsSlots(t *testing.T) {
	t.Setenv(clusterVariable, "")
	nodes := StartCluster(t, 3)
	require.Len(t, nodes, 3)
	s := &Server{Addr: nodes[2]}
	got, err := s.command("SET {b} 1") // slot 3300 lies on the first node
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(got, "-MOVED 3300 "+nodes[0]), got)
}
