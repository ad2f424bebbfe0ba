package org

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi/apitest"
	"github.com/redproperty/redproperty/internal/page"
)

const root = "/api/v1"

func TestOverHTTP(t *testing.T) {
	each(t, func(w *world) {
		server := apitest.New(w.t, w.clock)
		Register(server.API, w.s)
		office := w.staff(w.org(StreetOffice, w.street, "文化街道办事处"), authz.RoleStreetOffice)

		made := server.Do(w.t, office, http.MethodPost, root+"/organisations",
			map[string]any{"kind": "company", "name": "甲物业", "areaId": w.street, "creditCode": "91350100M000100Y43"}, "Idempotency-Key", "organisation-1")
		require.Equal(w.t, http.StatusCreated, made.Status, string(made.Body))
		require.Equal(w.t, `"1"`, made.Header.Get("ETag"))
		var company OrganisationView
		made.JSON(w.t, &company)
		require.Nil(w.t, company.AreaID)

		posts := root + "/organisations/" + company.ID.String() + "/posts"
		reply := server.Do(w.t, office, http.MethodPost, posts, map[string]any{"name": "王芳", "phone": "13900000001", "role": "manager"})
		require.Equal(w.t, http.StatusCreated, reply.Status, string(reply.Body))
		var held PostView
		reply.JSON(w.t, &held)
		manager := w.as(held.PersonID)
		reply = server.Do(w.t, manager, http.MethodPost, posts, map[string]any{"name": "李强", "phone": "13900000002", "role": "committee"})
		require.Equal(w.t, http.StatusBadRequest, reply.Status, string(reply.Body))
		require.Contains(w.t, string(reply.Body), "org.role_kind")
		reply = server.Do(w.t, manager, http.MethodPost, posts, map[string]any{"name": "李强", "phone": "13900000002", "role": "worker"})
		require.Equal(w.t, http.StatusCreated, reply.Status, string(reply.Body))
		var worker PostView
		reply.JSON(w.t, &worker)

		var list page.Page[PostView]
		server.Do(w.t, office, http.MethodGet, posts+"?limit=1", nil).JSON(w.t, &list)
		require.Equal(w.t, "王**", list.Items[0].Name)
		require.NotEmpty(w.t, list.Next)

		end := root + "/posts/" + worker.ID.String() + "/end"
		reply = server.Do(w.t, manager, http.MethodPost, end, map[string]any{"reason": "dismissed"})
		require.Contains(w.t, string(reply.Body), "version.required")
		reply = server.Do(w.t, manager, http.MethodPost, end, map[string]any{"reason": "dismissed", "successorPersonId": held.PersonID}, "If-Match", `"1"`)
		require.Equal(w.t, http.StatusOK, reply.Status, string(reply.Body))
		require.Equal(w.t, []handed{{company.ID, worker.PersonID, held.PersonID}}, w.handed)
		reply = server.Do(w.t, manager, http.MethodPost, root+"/posts/"+held.ID.String()+"/resign", nil, "If-Match", `"1"`)
		require.Equal(w.t, "org.last_manager", reply.Problem(w.t).Code)

		var cards page.Page[Card]
		server.Do(w.t, authz.Principal{}, http.MethodGet, root+"/directory/organisations?kind=company&areaId="+w.street.String(), nil).JSON(w.t, &cards)
		require.Len(w.t, cards.Items, 1)
		reply = server.Do(w.t, authz.Principal{}, http.MethodGet, root+"/organisations", nil)
		require.Equal(w.t, http.StatusUnauthorized, reply.Status)
		for _, path := range []string{"/me/posts", "/me/interests", "/organisations/" + company.ID.String(), "/organisations?state=active",
			"/cross-appointments", "/areas/" + w.street.String() + "/cross-coverage", "/areas/" + w.street.String() + "/conflicts-of-interest"} {
			reply := server.Do(w.t, office, http.MethodGet, root+path, nil)
			require.Equal(w.t, http.StatusOK, reply.Status, path+string(reply.Body))
		}
	})
}

// Every code this package answers with has its text in both languages.
func TestEveryCodeHasItsText(t *testing.T) {
	texts := ""
	for _, name := range []string{"org", "personal", "base"} {
		body, err := os.ReadFile("../httpapi/messages/" + name + ".yaml")
		require.NoError(t, err)
		texts += "\n" + string(body)
	}
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	quoted := regexp.MustCompile(`"((?:org|personal|version|page)\.[a-z_]+)"`)
	for _, f := range files {
		if strings.HasSuffix(f.Name(), "_test.go") || !strings.HasSuffix(f.Name(), ".go") {
			continue
		}
		body, err := os.ReadFile(f.Name())
		require.NoError(t, err)
		for _, m := range quoted.FindAllStringSubmatch(string(body), -1) {
			if !topic(m[1]) {
				require.Contains(t, texts, "\n"+m[1]+":", "%s in %s", m[1], f.Name())
			}
		}
	}
}

// topic tells actions and topics, which are no codes of faults, apart.
func topic(s string) bool {
	switch s {
	case "org.create", "org.created", "org.change", "org.changed", "org.close":
		return true
	}
	return false
}
