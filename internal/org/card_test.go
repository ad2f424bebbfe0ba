package org

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi/apitest"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

// What the directory shows to all, everybody who works with organisations finds by its id too, and no more of it.
func TestThePublicCardOfEveryKind(t *testing.T) {
	each(t, func(w *world) {
		server := apitest.New(w.t, w.clock)
		Register(server.API, w.s)
		areas := map[Kind]Draft{}
		for kind, form := range forms {
			d := Draft{Kind: kind, Name: string(kind), PublicPhone: "0535-4210000", Address: "通海路1号"}
			if form.In != nil {
				for area, p := range w.areas {
					if p.kind == form.In[0] && area != w.street2 {
						d.Area = area
					}
				}
			}
			if kind == Company {
				d.CreditCode = "91350100M000100Y43"
			}
			areas[kind] = d
		}
		stranger := w.staff(w.org(Company, w.street2, "乙物业"), authz.RoleManager)
		for kind, d := range areas {
			o, err := w.s.Create(ctx(), operator, none, d)
			require.NoError(w.t, err, kind)
			path := root + "/organisations/" + o.ID.String()
			reply := server.Do(w.t, stranger, http.MethodGet, path, nil)
			require.Equal(w.t, http.StatusOK, reply.Status, "%s: %s", kind, reply.Body)
			require.Empty(w.t, reply.Header.Get("ETag"), kind)
			var got map[string]any
			require.NoError(w.t, json.Unmarshal(reply.Body, &got))
			delete(got, "$schema")
			require.Equal(w.t, map[string]any{"id": o.ID.String(), "kind": string(kind), "name": string(kind), "publicPhone": "0535-4210000", "address": "通海路1号", "state": "active"}, got)

			var listed page.Page[Card]
			server.Do(w.t, authz.Principal{}, http.MethodGet, root+"/directory/organisations?name="+string(kind), nil).JSON(w.t, &listed)
			require.Contains(w.t, listed.Items, Card{o.ID, kind, string(kind), "0535-4210000", "通海路1号"}, "as in the directory")

			whole := server.Do(w.t, operatorOf(), http.MethodGet, path, nil)
			require.Equal(w.t, `"1"`, whole.Header.Get("ETag"), kind)
			require.Contains(w.t, string(whole.Body), `"version":1`, kind)
			require.Equal(w.t, http.StatusForbidden, server.Do(w.t, stranger, http.MethodPut, path, map[string]any{"name": "改名"}, "If-Match", `"1"`).Status, "seeing the card is no right")

			_, err = w.s.Close(ctx(), operator, o.ID, o.Version)
			require.NoError(w.t, err)
			require.Equal(w.t, http.StatusNotFound, server.Do(w.t, stranger, http.MethodGet, path, nil).Status, "a closed one is in no directory: %s", kind)
		}
		o := w.org(Utility, w.street, "供水公司")
		account := authz.Principal{Account: stranger.Account, Person: stranger.Person}
		require.Equal(w.t, http.StatusForbidden, server.Do(w.t, account, http.MethodGet, root+"/organisations/"+o.ID.String(), nil).Status)
		_, _, err := w.s.Look(ctx(), account, o.ID)
		require.ErrorIs(w.t, err, fault.Forbidden)
	})
}

// operatorOf is somebody who sees every organisation.
func operatorOf() authz.Principal {
	self := id.New()
	return authz.Principal{Account: self, Person: self, Grants: []authz.Grant{{ID: self, Role: authz.RoleOperator}}}
}
