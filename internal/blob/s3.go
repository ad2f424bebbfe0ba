package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/redproperty/redproperty/internal/clock"
)

// S3Config says which bucket of which S3-compatible service holds the attachments.
type S3Config struct {
	Endpoint  string // host or host:port
	TLS       bool
	Region    string
	Bucket    string // exists already: the program neither makes nor configures buckets
	Prefix    string // put before every name, so that a bucket can be shared; may be empty
	AccessKey string
	SecretKey string
	Transport http.RoundTripper // nil is the client's own
}

// S3 keeps blobs in a bucket of an S3-compatible service. Every blob goes in one request: they are
// bounded to a few megabytes, and a single PUT is whole or absent.
type S3 struct {
	client *minio.Client
	bucket string
	prefix string
}

// s3Retries bounds how often the client repeats a request that failed on the way.
const s3Retries = 3

// OpenS3 prepares the client and checks that the bucket can be reached.
func OpenS3(ctx context.Context, cfg S3Config) (*S3, error) {
	client, err := minio.New(cfg.Endpoint, &minio.Options{
		Creds:        credentials.NewStaticV4(cfg.AccessKey, cfg.SecretKey, ""),
		Secure:       cfg.TLS,
		Region:       cfg.Region,
		BucketLookup: minio.BucketLookupPath, // works with every service, without a DNS name a bucket
		MaxRetries:   s3Retries,
		Transport:    cfg.Transport,
	})
	if err != nil {
		return nil, fmt.Errorf("attachments bucket: %w", err)
	}
	ok, err := client.BucketExists(ctx, cfg.Bucket)
	if err != nil {
		return nil, fmt.Errorf("attachments bucket: %w", err)
	}
	if !ok {
		return nil, fmt.Errorf("attachments bucket: %q does not exist; make it first", cfg.Bucket)
	}
	prefix := strings.Trim(cfg.Prefix, "/")
	if prefix != "" {
		prefix += "/"
	}
	return &S3{client: client, bucket: cfg.Bucket, prefix: prefix}, nil
}

func (s *S3) key(h Hash) string { return s.prefix + h.String() }

// Put stores data; see Store.
func (s *S3) Put(ctx context.Context, data []byte) (Hash, error) {
	h := HashOf(data)
	_, err := s.client.PutObject(ctx, s.bucket, s.key(h), bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{
		ContentType:      "application/octet-stream", // nobody reads the bucket directly
		DisableMultipart: true,
		SendContentMd5:   true, // over TLS the body is not signed
	})
	return h, s3Error(err)
}

// Get opens a blob; see Store.
func (s *S3) Get(ctx context.Context, h Hash) (io.ReadCloser, error) {
	obj, err := s.client.GetObject(ctx, s.bucket, s.key(h), minio.GetObjectOptions{})
	if err != nil {
		return nil, s3Error(err)
	}
	if _, err := obj.Stat(); err != nil { // the request is made only now
		return nil, errors.Join(s3Error(err), obj.Close())
	}
	return verify(obj, h), nil
}

// Stat tells size and time; see Store.
func (s *S3) Stat(ctx context.Context, h Hash) (Info, error) {
	info, err := s.client.StatObject(ctx, s.bucket, s.key(h), minio.StatObjectOptions{})
	if err != nil {
		return Info{}, s3Error(err)
	}
	return Info{Hash: h, Size: info.Size, Stored: clock.At(info.LastModified)}, nil
}

// Delete removes a blob; see Store.
func (s *S3) Delete(ctx context.Context, h Hash) error {
	return s3Error(s.client.RemoveObject(ctx, s.bucket, s.key(h), minio.RemoveObjectOptions{}))
}

// Walk calls fn with every blob; see Store. What is not named like a blob is passed over.
func (s *S3) Walk(ctx context.Context, fn func(Info) error) error {
	last := ""
	for obj := range s.client.ListObjectsIter(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.prefix, Recursive: true}) {
		if obj.Err != nil {
			return s3Error(obj.Err)
		}
		if obj.Key <= last { // a service that repeats its pages would keep us for ever
			return unavailable(errors.New("the listing does not advance"))
		}
		last = obj.Key
		h, err := ParseHash(path.Base(obj.Key))
		if err != nil || obj.Key != s.key(h) {
			continue
		}
		if err := fn(Info{Hash: h, Size: obj.Size, Stored: clock.At(obj.LastModified)}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func s3Error(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case minio.ToErrorResponse(err).StatusCode == http.StatusNotFound:
		return notFound()
	}
	return unavailable(err)
}

var _ Store = (*S3)(nil)
