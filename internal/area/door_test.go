package area_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Somebody without a household finds the door to apply for, and learns nothing else.
func TestApplicantsFindTheirDoor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		us := w.flats(flat("501", 8405), flat("502", 8405), flat("101", 9000))
		_, err := w.EnterOwner(ctx, system, noKey, owner("沈兰", "", us[0].ID))
		require.NoError(t, err)
		bare := authz.Principal{Account: id.New(), Person: id.New()}

		found, err := w.FindJoinPlaces(ctx, bare, "海花")
		require.NoError(t, err)
		require.Len(t, found, 1)
		require.Equal(t, w.place.ID, found[0].ID)
		require.Equal(t, w.estate.Name, found[0].Estate)
		require.Equal(t, []string{w.street.Name, w.community.Name}, found[0].Where)
		buildings, err := w.JoinBuildings(ctx, bare, found[0].ID)
		require.NoError(t, err)
		require.Equal(t, []area.JoinBuilding{{ID: w.building.ID, Name: w.building.Name}}, buildings)
		doors, err := w.Doors(ctx, bare, buildings[0].ID)
		require.NoError(t, err)
		require.Len(t, doors, 3)
		said, err := json.Marshal(doors)
		require.NoError(t, err)
		require.NotContains(t, string(said), "沈", "no person")
		require.NotContains(t, string(said), "area", "nothing but what stands on the door")

		_, err = w.FindJoinPlaces(ctx, bare, "海")
		require.Equal(t, "input.invalid", fault.Of(err).Code, "one character lists nothing")
		none, err := w.FindJoinPlaces(ctx, bare, "%_")
		require.NoError(t, err)
		require.Empty(t, none, "signs of a pattern are letters")
		_, err = w.Doors(ctx, bare, id.New())
		require.ErrorIs(t, err, fault.NotFound)
		_, err = w.JoinBuildings(ctx, bare, id.New())
		require.ErrorIs(t, err, fault.NotFound)
		_, err = w.Doors(ctx, authz.Principal{}, buildings[0].ID)
		require.ErrorIs(t, err, fault.Unauthenticated)
		_, err = w.JoinBuildings(ctx, authz.Principal{}, found[0].ID)
		require.ErrorIs(t, err, fault.Unauthenticated)
		_, err = w.FindJoinPlaces(ctx, authz.Principal{}, "金海")
		require.ErrorIs(t, err, fault.Unauthenticated)
	})
}
