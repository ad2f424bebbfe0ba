package membership

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi/apitest"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/qrcode"
)

const root = "/api/v1"

func TestOverHTTP(t *testing.T) {
	each(t, func(w *world) {
		server := apitest.New(w.t, w.clock)
		Register(server.API, w.s)
		sec := w.secretary()
		codes := root + "/buildings/" + w.building.String() + "/join-codes"
		reply := server.Do(w.t, sec, http.MethodPost, codes, nil, "Idempotency-Key", "codes-0001")
		require.Equal(w.t, http.StatusCreated, reply.Status, string(reply.Body))
		var sheet SheetView
		reply.JSON(w.t, &sheet)
		require.Len(w.t, sheet.Slips, 4)
		square, err := qrcode.Draw(sheet.Slips[0].Link)
		require.NoError(w.t, err)
		require.Equal(w.t, QRView{square.View(), square.Path}, sheet.Slips[0].QR, "what is drawn is the link")
		reply = server.Do(w.t, sec, http.MethodPost, codes, nil, "Idempotency-Key", "codes-0001")
		require.Equal(w.t, "membership.codes_shown_once", reply.Problem(w.t).Code)
		for _, role := range []authz.Role{authz.RoleManager, authz.RoleWorker, authz.RoleCommittee, authz.RoleStreetOffice} {
			reply = server.Do(w.t, w.staff(role, path(w.east)), http.MethodPost, codes, nil)
			require.Equal(w.t, http.StatusForbidden, reply.Status, role)
		}

		p := w.person("王芳")
		reply = server.Do(w.t, p, http.MethodPost, root+"/memberships", map[string]any{"code": strings.ToLower(sheet.Slips[0].Code), "relation": "occupant"})
		require.Equal(w.t, http.StatusCreated, reply.Status, string(reply.Body))
		var m MemberView
		reply.JSON(w.t, &m)
		require.Equal(w.t, []Right{RightSurvey, RightOrder, RightMembers}, m.Rights)
		p = w.again(p)
		at := root + "/memberships/" + m.ID.String()
		wording, _ := personal.WordingOf(personal.PurposeHelper)
		reply = server.Do(w.t, p, http.MethodPost, at+"/helpers", map[string]any{"name": "孝子", "phone": "13911110000", "consentVersion": wording.Version().String(), "channel": "self"})
		require.Equal(w.t, http.StatusCreated, reply.Status, string(reply.Body))
		reply = server.Do(w.t, p, http.MethodPost, at+"/helpers", map[string]any{"name": "孝子", "phone": "13911110000", "consentVersion": strings.Repeat("x", 64), "channel": "self"})
		require.Contains(w.t, string(reply.Body), "membership.consent_version")

		var list []MemberView
		server.Do(w.t, p, http.MethodGet, root+"/units/"+m.UnitID.String()+"/memberships", nil).JSON(w.t, &list)
		require.Len(w.t, list, 2)
		w.clock.Advance(1)
		reply = server.Do(w.t, sec, http.MethodPost, at+"/remove", map[string]any{"reason": "moved_out"}, "If-Match", `"1"`)
		require.Equal(w.t, http.StatusOK, reply.Status, string(reply.Body))
		reply = server.Do(w.t, p, http.MethodPost, at+"/leave", nil, "If-Match", `"2"`)
		require.Equal(w.t, "membership.over", reply.Problem(w.t).Code)

		reply = server.Do(w.t, p, http.MethodPost, root+"/household-applications", map[string]any{"unitId": w.units[1], "relation": "owner", "name": "王芳", "note": "房产证"})
		require.Equal(w.t, http.StatusCreated, reply.Status, string(reply.Body))
		var a ApplicationView
		reply.JSON(w.t, &a)
		require.Empty(w.t, a.Note)
		var waiting page.Page[ApplicationView]
		server.Do(w.t, sec, http.MethodGet, root+"/household-applications", nil).JSON(w.t, &waiting)
		require.Equal(w.t, "王**", waiting.Items[0].Name)
		reply = server.Do(w.t, sec, http.MethodPost, root+"/household-applications/"+a.ID.String()+"/reveal", map[string]any{"reason": "application"})
		require.Contains(w.t, string(reply.Body), "房产证")
		reply = server.Do(w.t, sec, http.MethodPost, root+"/household-applications/"+a.ID.String()+"/approve", nil, "If-Match", `"1"`)
		require.Equal(w.t, http.StatusOK, reply.Status, string(reply.Body))
		require.Equal(w.t, `"2"`, reply.Header.Get("ETag"))

		for who, paths := range map[*authz.Principal][]string{
			&p:   {"/me/memberships", "/me/household-applications"},
			&sec: {"/contests", "/buildings/" + w.building.String() + "/join-codes", "/household-applications?state=approved"},
		} {
			for _, path := range paths {
				reply := server.Do(w.t, *who, http.MethodGet, root+path, nil)
				require.Equal(w.t, http.StatusOK, reply.Status, path+string(reply.Body))
			}
		}
	})
}

func TestSheetOverHTTP(t *testing.T) {
	each(t, func(w *world) {
		server := apitest.New(w.t, w.clock)
		Register(server.API, w.s)
		reply := server.Do(w.t, w.secretary(), http.MethodPost, root+"/buildings/"+w.building.String()+"/join-code-sheet", nil)
		require.Equal(w.t, http.StatusOK, reply.Status, string(reply.Body))
		require.Equal(w.t, "text/html; charset=utf-8", reply.Header.Get("Content-Type"))
		require.Contains(w.t, reply.Header.Get("Content-Disposition"), "attachment")
		require.Equal(w.t, "no-store", reply.Header.Get("Cache-Control"))
		found := regexp.MustCompile(`<code>([0-9A-Z-]{19})</code>`).FindAllStringSubmatch(string(reply.Body), -1)
		require.Len(w.t, found, 4)
		m, err := w.s.Redeem(ctx(), w.person("王芳"), none, Joining{Code: found[3][1], Relation: Occupant})
		require.NoError(w.t, err, "what is printed opens the door")
		require.Equal(w.t, w.units[3], m.Unit)
		require.Equal(w.t, clock.Now(w.clock), m.From)
		require.NotContains(w.t, server.Log.String(), found[3][1], "no log has it")
	})
}

// Every code this package answers with has its text in both languages.
func TestEveryCodeHasItsText(t *testing.T) {
	texts, err := os.ReadFile("../httpapi/messages/membership.yaml")
	require.NoError(t, err)
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	quoted := regexp.MustCompile(`(?:New\(fault\.\w+, |InvalidField\("[^"]*", )"(membership\.[a-z_]+)"`)
	n := 0
	for _, f := range files {
		if strings.HasSuffix(f.Name(), "_test.go") || !strings.HasSuffix(f.Name(), ".go") {
			continue
		}
		body, err := os.ReadFile(f.Name())
		require.NoError(t, err)
		for _, m := range quoted.FindAllStringSubmatch(string(body), -1) {
			n++
			require.Contains(t, "\n"+string(texts), "\n"+m[1]+":", "%s in %s", m[1], f.Name())
		}
	}
	require.Greater(t, n, 25)
}
