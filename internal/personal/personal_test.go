package personal

import (
	"context"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
)

func TestMaskName(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "张": "***", "张三": "张**", "张三丰": "张**", "欧阳锋": "欧**", "𠅤𡐓": "𠅤**", " 张 三": "张**",
		"买买提·吐尔逊": "买**", "Élodie": "É**", "E\u0301lodie": "É**",
	} {
		require.Equal(t, want, MaskName(in), "%q", in)
	}
}

func TestMaskPhone(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "13812341234": "138****1234", "+86 138 1234 1234": "138****1234", "１３８１２３４１２３４": "138****1234",
		"0535-6812345": "053****2345", "6812345": "*****45", "110": "***", "+1 (415) 555-2671": "+14*****2671",
	} {
		require.Equal(t, want, MaskPhone(in), "%q", in)
	}
}

func TestMaskIDNumber(t *testing.T) {
	require.Equal(t, "3****************X", MaskIDNumber("37068119900101123X"))
	require.Equal(t, "***", MaskIDNumber("123"))
}

func TestMasksHideAllButAFewCharacters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := texts().Draw(t, "s")
		name := MaskName(s)
		require.True(t, utf8.ValidString(name) || !utf8.ValidString(s))
		require.LessOrEqual(t, utf8.RuneCountInString(name), 3)
		digits := rapid.StringMatching(`[0-9]{0,20}`).Draw(t, "digits")
		shown := 0
		for _, r := range MaskPhone(digits) {
			if r != '*' {
				shown++
			}
		}
		require.LessOrEqual(t, shown, 8) // "+" and seven digits
		require.LessOrEqual(t, shown*3, max(0, 2*len(digits)+2))
	})
}

func TestRedact(t *testing.T) {
	for in, want := range map[string]string{
		"厨房漏水，请打13812341234找张阿姨":                 "厨房漏水，请打138****1234找张阿姨",
		"2026-11-22 13812341234":                 "2026-11-22 138****1234",
		"138 1234 1234或0535-6812345":             "138****1234或053****2345",
		"身份证37068119900101123X":                  "身份证3****************X",
		"１３８１２３４１２３４":                            "138****1234",
		"3号楼2单元1502，单号NH-20261122-0042，金额12345元": "3号楼2单元1502，单号NH-20261122-0042，金额12345元",
	} {
		require.Equal(t, want, Redact(in))
	}
}

func TestNormalPhone(t *testing.T) {
	for in, want := range map[string]string{
		"138-1234-1234": "13812341234", "0000": "", "+8600123": "+123", "+868613812341234": "13812341234", "+8613812341234": "13812341234", "008613812341234": "13812341234", "8613812341234": "13812341234",
		"(0535) 6812345": "05356812345", "+1 415 555 2671": "+14155552671", "８６１３８１２３４１２３４": "13812341234", "无": "", "+": "",
		"+86 535 6812345": "5356812345",
	} {
		require.Equal(t, want, NormalPhone(in), "%q", in)
	}
	require.True(t, IsMobile("+86 138 1234 1234"))
	require.False(t, IsMobile("12812341234"))
	require.False(t, IsMobile("0535-6812345"))
}

func TestNormalFormsAreStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := texts().Draw(t, "s")
		require.Equal(t, NormalName(s), NormalName(NormalName(s)))
		p := rapid.StringMatching(`[+]?[0-9 ()-]{0,18}`).Draw(t, "p")
		require.Equal(t, NormalPhone(p), NormalPhone(NormalPhone(p)))
	})
}

// What the inventory names must be there, or rotation would stop at it and a notice would promise what
// is not kept.
func TestInventoryNamesColumnsThatExist(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		for _, e := range Inventory {
			columns := []string{e.Sealed, e.Index, e.Plain}
			if e.Sealed != "" {
				columns = append(columns, "id") // rotation walks along it
			}
			for _, column := range columns {
				if column != "" {
					var rows [][]byte
					require.NoError(t, db.Select(context.Background(), &rows, "SELECT "+column+" FROM "+e.Table), "%s.%s", e.Table, column)
				}
			}
		}
	})
}

// Every column that follows the naming of sealed values and blind indexes is in the inventory, so that
// rotation reaches it.
func TestSealedColumnsAreInTheInventory(t *testing.T) {
	listed := map[string]bool{"survey_stratum.key_sealed": true} // a signing key of a round: of nobody, and gone when the round closes
	for _, e := range Inventory {
		for _, column := range []string{e.Sealed, e.Index, e.Plain} {
			listed[e.Table+"."+column] = true
		}
	}
	db := dbtest.SQLite(t)
	var found []string
	require.NoError(t, db.Select(context.Background(), &found, `SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND (c.name LIKE '%!_sealed' ESCAPE '!' OR c.name IN ('name_index', 'phone_index'))`))
	require.NotEmpty(t, found)
	for _, column := range found {
		require.True(t, listed[column], "%s is not in the inventory", column)
	}
}

func TestInventoryIsComplete(t *testing.T) {
	fields, columns := map[Field]bool{}, map[string]bool{}
	for _, e := range Inventory {
		require.False(t, fields[e.Field], "%s twice", e.Field)
		fields[e.Field] = true
		require.NotEqual(t, e.Sealed == "", e.Plain == "", "%s is sealed or plain", e.Field)
		column := e.Table + "." + e.Sealed + e.Plain
		require.False(t, columns[column], "%s twice", column)
		columns[column] = true
		for _, name := range []string{e.Table, e.Sealed + e.Plain, e.Index + "x"} {
			require.Regexp(t, `^[a-z_]+$`, name)
		}
		require.NotEmpty(t, e.PurposeZH)
		require.NotEmpty(t, e.PurposeEN)
		require.NotEmpty(t, e.Basis)
		require.NotEmpty(t, e.Keep.Event)
		require.NotEmpty(t, e.Keep.EventZH, e.Field)
		require.True(t, len(e.VisibleTo) > 0 || e.Field == LoginCodePhone, e.Field)
		require.NotNil(t, e.Mask, e.Field)
		require.False(t, e.Index != "" && e.Kind == Text, "%s has an index but no way to compare", e.Field)
		require.False(t, e.Sensitive && e.Basis != BasisConsent, "%s needs separate consent (PIPL 29)", e.Field)
		require.LessOrEqual(t, len(e.Field), 64)
	}
	require.Equal(t, "张**", Mask(PersonName, "张三"))
	require.Equal(t, "***", Mask("nothing.known", "张三"))
}
