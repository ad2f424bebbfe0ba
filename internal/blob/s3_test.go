package blob

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/md5" // #nosec G501 -- the protocol's body check
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
)

// fakeS3 speaks as much of the S3 protocol as the store uses, and checks the signature of every request
// (AWS Signature Version 4), so that a request which a real service would refuse fails here too.
type fakeS3 struct {
	t       *testing.T
	server  *httptest.Server
	clock   *clock.Fake
	down    atomic.Bool
	mu      sync.Mutex
	objects map[string]fakeObject
}

type fakeObject struct {
	data   []byte
	stored time.Time
}

const (
	fakeBucket = "attachments"
	fakeRegion = "cn-test-1"
	fakeKey    = "AKIDTEST"
	fakeSecret = "secret-of-the-test"
	fakePage   = 10 // small, so that listings take several pages
)

func newFakeS3(t *testing.T) *fakeS3 {
	f := &fakeS3{t: t, clock: fakeClock(), objects: map[string]fakeObject{}}
	f.server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.server.Close)
	return f
}

func (f *fakeS3) config(prefix string) S3Config {
	return S3Config{Endpoint: strings.TrimPrefix(f.server.URL, "http://"), Region: fakeRegion, Bucket: fakeBucket,
		Prefix: prefix, AccessKey: fakeKey, SecretKey: fakeSecret}
}

func (f *fakeS3) set(key string, data []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.objects[key] = fakeObject{data, f.clock.Now()}
}

func (f *fakeS3) serve(w http.ResponseWriter, r *http.Request) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case f.down.Load():
		f.fail(w, http.StatusForbidden, "AccessDenied") // a code that the client does not repeat
	case !validSignature(r):
		f.fail(w, http.StatusForbidden, "SignatureDoesNotMatch")
	case bucket != fakeBucket:
		f.fail(w, http.StatusNotFound, "NoSuchBucket")
	case key == "" && r.Method == http.MethodHead:
	case key == "":
		f.list(w, r)
	case r.Method == http.MethodPut:
		f.put(w, r, key)
	case r.Method == http.MethodDelete:
		f.mu.Lock()
		delete(f.objects, key)
		f.mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
	default:
		f.get(w, r, key)
	}
}

func (f *fakeS3) fail(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code></Error>", code)
}

func (f *fakeS3) put(w http.ResponseWriter, r *http.Request, key string) {
	data, err := body(r)
	sum := md5.Sum(data) // #nosec G401 -- the protocol's body check
	if err != nil || r.Header.Get("Content-Md5") != base64.StdEncoding.EncodeToString(sum[:]) {
		f.fail(w, http.StatusBadRequest, "BadDigest")
		return
	}
	f.set(key, data)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:])+`"`)
}

func (f *fakeS3) get(w http.ResponseWriter, r *http.Request, key string) {
	f.mu.Lock()
	o, ok := f.objects[key]
	f.mu.Unlock()
	if !ok {
		f.fail(w, http.StatusNotFound, "NoSuchKey")
		return
	}
	w.Header().Set("ETag", fmt.Sprintf(`"%x"`, md5.Sum(o.data))) // #nosec G401 -- the protocol's body check
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(w, r, "", o.stored, bytes.NewReader(o.data))
}

func (f *fakeS3) list(w http.ResponseWriter, r *http.Request) {
	type content struct {
		Key          string
		LastModified string
		Size         int
	}
	var page struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string    `xml:",omitempty"`
		Contents              []content `xml:"Contents"`
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	q, last := r.URL.Query(), ""
	for _, key := range slices.Sorted(maps.Keys(f.objects)) {
		if !strings.HasPrefix(key, q.Get("prefix")) || key <= q.Get("continuation-token") {
			continue
		}
		if len(page.Contents) == fakePage {
			page.IsTruncated, page.NextContinuationToken = true, last
			break
		}
		o := f.objects[key]
		last = key
		page.Contents = append(page.Contents, content{key, o.stored.Format(time.RFC3339), len(o.data)})
	}
	w.Header().Set("Content-Type", "application/xml")
	if err := xml.NewEncoder(w).Encode(page); err != nil {
		f.t.Error(err)
	}
}

// body undoes the signed chunks of a streaming upload: "SIZE;chunk-signature=…", bytes, empty line.
func body(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return io.ReadAll(r.Body)
	}
	var out bytes.Buffer
	in := bufio.NewReader(r.Body)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil, err
		}
		size, _, signed := strings.Cut(strings.TrimSpace(line), ";chunk-signature=")
		n, err := strconv.ParseInt(size, 16, 64)
		if err != nil || !signed {
			return nil, fmt.Errorf("chunk without size or signature")
		}
		if _, err := io.CopyN(&out, in, n); err != nil || n == 0 {
			return out.Bytes(), err
		}
		if _, err := in.Discard(2); err != nil {
			return nil, err
		}
	}
}

// validSignature computes the signature of a request's head anew.
func validSignature(r *http.Request) bool {
	var credential, names, signature string
	rest, ok := strings.CutPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ")
	for _, part := range strings.Split(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "Credential":
			credential = value
		case "SignedHeaders":
			names = value
		case "Signature":
			signature = value
		}
	}
	scope, mine := strings.CutPrefix(credential, fakeKey+"/")
	day, _, _ := strings.Cut(scope, "/")
	if !ok || !mine || scope != day+"/"+fakeRegion+"/s3/aws4_request" {
		return false
	}
	var head strings.Builder
	for _, name := range strings.Split(names, ";") {
		value := strings.Join(r.Header.Values(name), ",")
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = strconv.FormatInt(r.ContentLength, 10)
		}
		fmt.Fprintf(&head, "%s:%s\n", name, strings.TrimSpace(value))
	}
	canonical := strings.Join([]string{r.Method, r.URL.EscapedPath(), strings.ReplaceAll(r.URL.Query().Encode(), "+", "%20"),
		head.String(), names, r.Header.Get("X-Amz-Content-Sha256")}, "\n")
	toSign := fmt.Sprintf("AWS4-HMAC-SHA256\n%s\n%s\n%x", r.Header.Get("X-Amz-Date"), scope, sha256.Sum256([]byte(canonical)))
	key := []byte("AWS4" + fakeSecret)
	for _, part := range []string{day, fakeRegion, "s3", "aws4_request", toSign} {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(part))
		key = m.Sum(nil)
	}
	return hex.EncodeToString(key) == signature
}

func TestS3SharesABucketByPrefix(t *testing.T) {
	fake := newFakeS3(t)
	fake.set("photos/readme.txt", []byte("not ours"))
	fake.set("other/"+HashOf([]byte("x")).String(), []byte("x"))
	s, err := OpenS3(t.Context(), fake.config("/photos/"))
	require.NoError(t, err)
	h, err := s.Put(t.Context(), []byte("ours"))
	require.NoError(t, err)
	require.Contains(t, fake.objects, "photos/"+h.String())
	all := walkAll(t, s)
	require.Len(t, all, 1)
	require.Equal(t, h, all[0].Hash)
}
