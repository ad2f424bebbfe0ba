package imports

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"

	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Cipher seals bytes under a key, bound to what they belong to.
type Cipher interface {
	Seal(key, plaintext, bound []byte) ([]byte, error)
	Open(key, sealed, bound []byte) ([]byte, error)
}

// files keeps uploaded tables, which may be full of names and phones, encrypted in the blob store. Each
// run has a key of its own; wrap is the key under which those lie in the database.
type files struct {
	store  blob.Store
	cipher Cipher
	wrap   []byte
}

// kept is where the files of a run lie.
type kept struct {
	file, mapping *blob.Hash
	key           []byte // wrapped
}

// keep stores the files of a run. Their names in the store never meet those of other blobs, since the
// key makes their bytes unique: deleting them deletes nothing else.
func (f files) keep(ctx context.Context, run id.ID, in Input) (kept, error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return kept{}, fmt.Errorf("import file: %w", err)
	}
	var k kept
	var err error
	if k.key, err = f.cipher.Seal(f.wrap, key, run[:]); err != nil {
		return kept{}, err
	}
	if k.file, err = f.put(ctx, key, run, "file", in.Data); err != nil {
		return kept{}, err
	}
	if in.Mapping != nil {
		if k.mapping, err = f.put(ctx, key, run, "mapping", in.Mapping); err != nil {
			return kept{}, errors.Join(err, f.drop(ctx, k))
		}
	}
	return k, nil
}

func (f files) put(ctx context.Context, key []byte, run id.ID, part string, data []byte) (*blob.Hash, error) {
	sealed, err := f.cipher.Seal(key, data, append(run[:], part...))
	if err != nil {
		return nil, err
	}
	h, err := f.store.Put(ctx, sealed)
	return &h, err
}

// read returns the files of a run. A file that is gone or cannot be opened is a fault about the file, not
// about the store: trying again would not help.
func (f files) read(ctx context.Context, run id.ID, k kept) (data, mapping []byte, err error) {
	key, err := f.cipher.Open(f.wrap, k.key, run[:])
	if err != nil {
		return nil, nil, fileGone(err)
	}
	if data, err = f.get(ctx, key, run, "file", k.file); err != nil || k.mapping == nil {
		return data, nil, err
	}
	mapping, err = f.get(ctx, key, run, "mapping", k.mapping)
	return data, mapping, err
}

func (f files) get(ctx context.Context, key []byte, run id.ID, part string, h *blob.Hash) ([]byte, error) {
	if h == nil {
		return nil, fileGone(errors.New("the run has no file"))
	}
	r, err := f.store.Get(ctx, *h)
	if errors.Is(err, fault.NotFound) {
		return nil, fileGone(err)
	}
	if err != nil {
		return nil, err
	}
	sealed, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, err
	}
	data, err := f.cipher.Open(key, sealed, append(run[:], part...))
	if err != nil {
		return nil, fileGone(err)
	}
	return data, nil
}

// drop deletes the files of a run.
func (f files) drop(ctx context.Context, k kept) error {
	var err error
	for _, h := range []*blob.Hash{k.file, k.mapping} {
		if h != nil {
			err = errors.Join(err, f.store.Delete(ctx, *h))
		}
	}
	return err
}

func fileGone(cause error) error {
	return fault.New(fault.Invalid, "import.file_gone").Because(cause)
}
