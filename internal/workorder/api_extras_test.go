package workorder

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/httpapi/apitest"
	"github.com/redproperty/redproperty/internal/page"
)

// form is a multipart request with one file.
func form(t *testing.T, fields map[string]string, file []byte) (body []byte, contentType string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, v := range fields {
		require.NoError(t, m.WriteField(k, v))
	}
	f, err := m.CreateFormFile("file", "IMG_0001.exe")
	require.NoError(t, err)
	_, err = f.Write(file)
	require.NoError(t, err)
	require.NoError(t, m.Close())
	return b.Bytes(), m.FormDataContentType()
}

func TestPhotosOverHTTP(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).withPhotos()
	server := apitest.New(t, w.clock)
	Register(server.API, w.s)
	photos := root + "/work-orders/" + w.report(w.owner, w.repair()).String() + "/photos"
	send := func(p authz.Principal, file []byte) apitest.Reply {
		body, kind := form(t, map[string]string{"kind": "report"}, file)
		return server.Do(t, p, http.MethodPost, photos, body, "Content-Type", kind)
	}
	reply := send(w.owner, photo(t, 7))
	require.Equal(t, http.StatusCreated, reply.Status, string(reply.Body))
	var ph OrderPhoto
	reply.JSON(t, &ph)
	require.Equal(t, http.StatusUnsupportedMediaType, send(w.owner, []byte("<html>")).Status)
	require.Equal(t, http.StatusRequestEntityTooLarge, send(w.owner, make([]byte, 17<<20)).Status)
	require.Equal(t, http.StatusNotFound, send(w.neighbour, photo(t, 8)).Status)
	for _, path := range []string{photos + "/" + ph.ID.String(), photos + "/" + ph.ID.String() + "/thumbnail"} {
		reply = server.Do(t, w.worker, http.MethodGet, path, nil)
		require.Equal(t, http.StatusOK, reply.Status)
		require.Equal(t, "image/jpeg", reply.Header.Get("Content-Type"))
		require.Contains(t, reply.Header.Get("Content-Disposition"), "inline")
		require.Equal(t, http.StatusNotFound, server.Do(t, w.rivalManager, http.MethodGet, path, nil).Status)
	}
	require.Equal(t, http.StatusNoContent, server.Do(t, w.owner, http.MethodDelete, photos+"/"+ph.ID.String(), nil).Status)
}

func TestRelayIdentityAndConductOverHTTP(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.s.Scopes = w
	server := apitest.New(t, w.clock)
	Register(server.API, w.s)
	order := root + "/work-orders/" + w.dispatched(w.danger()).String()
	do := func(p authz.Principal, method, path string, body any, status int, into any) apitest.Reply {
		t.Helper()
		reply := server.Do(t, p, method, path, body)
		require.Equal(t, status, reply.Status, string(reply.Body))
		if into != nil {
			reply.JSON(t, into)
		}
		return reply
	}
	var m RelayMessage
	do(w.owner, http.MethodPost, order+"/messages", map[string]any{"text": "电话 13800001234"}, http.StatusCreated, &m)
	do(w.worker, http.MethodPost, order+"/messages/read", map[string]any{"upTo": m.ID}, http.StatusNoContent, nil)
	var list page.Page[RelayMessage]
	reply := do(w.worker, http.MethodGet, order+"/messages", nil, http.StatusOK, &list)
	require.NotContains(t, string(reply.Body), "13800001234")
	require.NotContains(t, string(reply.Body), w.owner.Person.String(), "no name, not even an identifier")

	reply = do(w.manager, http.MethodPost, order+"/reveals", map[string]any{"reason": "inquiry"}, http.StatusBadRequest, nil)
	require.Contains(t, string(reply.Body), "应急处置")
	lamp := root + "/work-orders/" + w.dispatched(w.defect()).String()
	do(w.manager, http.MethodPost, lamp+"/reveals", map[string]any{"reason": "emergency"}, http.StatusForbidden, nil)
	var r IdentityReveal
	do(w.manager, http.MethodPost, order+"/reveals", map[string]any{"reason": "emergency"}, http.StatusCreated, &r)
	reply = do(w.manager, http.MethodPost, order+"/reveals/"+r.ID.String()+"/contact", nil, http.StatusOK, nil)
	require.Contains(t, string(reply.Body), "13800001234")
	do(w.manager, http.MethodPost, order+"/reveals/"+r.ID.String()+"/end", nil, http.StatusNoContent, nil)
	do(w.manager, http.MethodPost, order+"/reveals/"+r.ID.String()+"/contact", nil, http.StatusConflict, nil)
	var openings []IdentityOpening
	do(w.owner, http.MethodGet, order+"/identity-openings", nil, http.StatusOK, &openings)
	require.Len(t, openings, 3)

	do(w.owner, http.MethodPost, order+"/pressure-reports", map[string]any{"kind": "threatened", "text": "上门威胁"}, http.StatusNoContent, nil)
	var reports page.Page[PressureReport]
	do(w.office, http.MethodGet, root+"/pressure-reports", nil, http.StatusOK, &reports)
	require.Len(t, reports.Items, 1)
	do(w.manager, http.MethodGet, root+"/pressure-reports", nil, http.StatusForbidden, nil)
	do(w.office, http.MethodPost, root+"/pressure-reports/"+reports.Items[0].ID.String()+"/close", map[string]any{"outcome": "已约谈"}, http.StatusNoContent, nil)

	conduct := root + "/work-orders/" + w.report(w.owner, w.conduct()).String()
	var c CaseStatement
	do(w.keeper, http.MethodPost, conduct+"/statements", map[string]any{"caseText": "有居民反映门岗服务态度恶劣，请说明。"}, http.StatusCreated, &c)
	reply = do(w.manager, http.MethodGet, root+"/statements", nil, http.StatusOK, nil)
	require.NotContains(t, string(reply.Body), "orderId")
	do(w.manager, http.MethodPost, root+"/statements/"+c.ID.String()+"/answer", map[string]any{"answer": "已批评教育"}, http.StatusOK, &c)
	require.Equal(t, "answered", c.State)

	var window WeatherWindow
	reply = do(w.office, http.MethodPost, root+"/weather-windows", map[string]any{"areaId": w.street, "kind": "rain", "reason": "暴雨红色预警", "from": clock.Now(w.clock)}, http.StatusCreated, &window)
	require.Equal(t, `"1"`, reply.Header.Get("ETag"))
	do(w.keeper, http.MethodPost, root+"/weather-windows", map[string]any{"areaId": w.street, "kind": "rain", "reason": "暴雨红色预警", "from": clock.Now(w.clock)}, http.StatusForbidden, nil)
	do(w.owner, http.MethodGet, order+"/escalations", nil, http.StatusOK, nil)
}
