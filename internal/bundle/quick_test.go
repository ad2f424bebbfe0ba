package bundle

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/questionnaire"
)

func TestWhatIsCommonIsReadByHand(t *testing.T) {
	m := makeRound(t, false, piece{0, 60, 5})
	for n := range 60 {
		got := questionnaire.Answers{}
		require.True(t, questionnaire.ReadCanonical(m.answer(n), got), m.answer(n))
		require.Equal(t, m.answer(n), string(got.Canonical()))
	}
}
