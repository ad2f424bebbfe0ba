package qrcode

import (
	"fmt"
	"image/color"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The drawing has exactly the dark modules of the code, found again by filling its path.
func TestDraw(t *testing.T) {
	square, err := Draw("https://rp.example/join#7QK29XWD3FRTM0VC")
	require.NoError(t, err)
	filled := map[[2]int]bool{}
	for _, part := range strings.Split(strings.Trim(square.Path, "Mz"), "zM") {
		var x, y, n, back int
		_, err := fmt.Sscanf(part, "%d %dh%dv1h-%d", &x, &y, &n, &back)
		require.NoError(t, err, part)
		require.Equal(t, n, back)
		for i := range n {
			require.False(t, filled[[2]int{x + i, y}], "drawn twice")
			filled[[2]int{x + i, y}] = true
		}
	}
	for i := range 7 { // the three finder patterns
		require.True(t, filled[[2]int{i, 0}] && filled[[2]int{square.Side - 1 - i, 0}] && filled[[2]int{i, square.Side - 1}])
	}
	require.False(t, filled[[2]int{7, 0}])
	require.True(t, isDark(color.Black))
	require.False(t, isDark(color.White))
}
