package pinyin

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"宁海街道": "nhjd", "杜家村居委会": "djcjwh", "牟平区": "mpq", "𡐓上社区": "kssq", "ＡＢ座１０３": "abz103",
		"阿依古丽·买买提": "ayglmmt", "1号楼 2单元": "1hl2dy", "": "", "嗯": "n", "额": "e", "👪家": "👪j", "\ue000村": "\ue000c",
	} {
		require.Equal(t, want, Initials(name), name)
	}
}

func TestPolyphones(t *testing.T) {
	require.Subset(t, Keys("重庆"), []string{"zq", "cq"})
	require.Equal(t, "zq", Keys("重庆")[0])
	require.Subset(t, Keys("长江路"), []string{"zjl", "cjl"})
	require.Len(t, Keys(strings.Repeat("重长乐", 10)), MaxKeys)
}

func TestKeysAreBoundedAndDistinct(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		keys := Keys(s)
		require.NotEmpty(t, keys)
		require.LessOrEqual(t, len(keys), MaxKeys)
		require.Equal(t, keys[0], Initials(s))
		for _, k := range keys {
			require.True(t, utf8.ValidString(k))
			require.LessOrEqual(t, utf8.RuneCountInString(k), maxRunes)
		}
	})
}
