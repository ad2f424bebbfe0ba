package survey

import "testing"

// With one dwelling reached there is no interval yet, and the audit can still be read.
func TestOneDwellingReached(t *testing.T) {
	list := []Recontact{{Answer: AnsweredYes}, {}}
	got, err := recontacted(40, list, 5)
	if err != nil || got.Reached != 1 || got.Share != nil || got.Verdict != RecontactPending {
		t.Fatalf("one reached: %+v, %v", got, err)
	}
	list[1].Answer = AnsweredNo
	if got, err = recontacted(40, list, 5); err != nil || got.Share == nil || got.Verdict == RecontactPending {
		t.Fatalf("two reached: %+v, %v", got, err)
	}
}
