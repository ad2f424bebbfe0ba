package personal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// formatV1 opens every sealed value: format, key id, then what the suite made.
const (
	formatV1     = 1
	headerLength = 1 + 16
)

// refreshLimit bounds the look-up of a key that another process has made since.
const refreshLimit = 5 * time.Second

// refreshTries bounds how often Refresh looks again when file and table do not fit together.
const refreshTries = 3

var errForeignRing = errors.New("the key file does not belong to this database")

// VaultConfig is what a vault needs.
type VaultConfig struct {
	DB    *dbx.DB
	Keys  KeySource
	Clock clock.Clock
	// Suites: the first makes new keys, the others only open older values. None means AES.
	Suites []Suite
	// Inventory defaults to the program's own.
	Inventory []Entry
}

// Vault seals and opens personal data. A value is encrypted under a data key; data keys lie in the
// database, wrapped by the key-encryption key, which does not. It is safe for concurrent use.
type Vault struct {
	db      *dbx.DB
	keys    KeySource
	clock   clock.Clock
	suites  []Suite
	entries map[Field]Entry
	reload  sync.Mutex // one refresh at a time
	state   atomic.Pointer[vaultState]
}

// vaultState is replaced as a whole, so that readers need no lock.
type vaultState struct {
	ring   Ring
	active id.ID
	data   map[id.ID]dataKey
}

type dataKey struct {
	suite Suite
	key   []byte
}

// OpenVault loads the keys. On an empty database it makes the first ones; where the database has data
// keys but the ring is missing or another one, it refuses, since new keys would hide the loss.
func OpenVault(ctx context.Context, cfg VaultConfig) (*Vault, error) {
	if len(cfg.Suites) == 0 {
		cfg.Suites = []Suite{AES{}}
	}
	if cfg.Inventory == nil {
		cfg.Inventory = Inventory
	}
	v := &Vault{db: cfg.DB, keys: cfg.Keys, clock: cfg.Clock, suites: cfg.Suites, entries: make(map[Field]Entry, len(cfg.Inventory))}
	for _, e := range cfg.Inventory {
		v.entries[e.Field] = e
	}
	if err := v.firstKeys(ctx); err != nil {
		return nil, err
	}
	return v, v.Refresh(ctx)
}

// firstKeys makes a ring and a data key where there is neither.
func (v *Vault) firstKeys(ctx context.Context) error {
	rows, err := keyRows(ctx, v.db)
	if err != nil {
		return fmt.Errorf("read data keys: %w", err)
	}
	ring, err := v.keys.Load()
	switch {
	case errors.Is(err, ErrNoKeys) && len(rows) > 0:
		return errors.New("the database holds sealed personal data, but the key file is missing: put it back, or restore it from its two shares")
	case errors.Is(err, ErrNoKeys):
		ring, err = v.firstRing()
	}
	if err != nil || len(rows) > 0 {
		return err
	}
	err = v.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		return v.addDataKey(ctx, tx, ring)
	})
	if dbx.IsDuplicate(err) { // another process was first
		return nil
	}
	return err
}

func (v *Vault) firstRing() (Ring, error) {
	ring, err := NewRing()
	if err != nil {
		return Ring{}, err
	}
	err = v.keys.Create(ring)
	if errors.Is(err, fs.ErrExist) { // another process was first
		return v.keys.Load()
	}
	return ring, err
}

// addDataKey makes a data key and stores it as the active one; the database refuses a second.
func (v *Vault) addDataKey(ctx context.Context, tx *dbx.Tx, ring Ring) error {
	key, err := newKey()
	if err != nil {
		return err
	}
	row := keyRow{ID: id.New(), Suite: v.suites[0].Name(), State: keyActive, CreatedAt: clock.Now(v.clock)}
	if row.Wrapped, err = wrap(v.suites[0], ring, row.ID, key); err != nil {
		return err
	}
	return insertKey(ctx, tx, row)
}

// Refresh takes over keys that other processes have made since. The application calls it once a
// minute; a failure leaves the keys known so far in use.
func (v *Vault) Refresh(ctx context.Context) error {
	v.reload.Lock()
	defer v.reload.Unlock()
	var next *vaultState
	var err error
	for range refreshTries { // a rotation may end between the reading of the file and of the table
		if next, err = v.load(ctx); !errors.Is(err, errForeignRing) {
			break
		}
	}
	if err != nil {
		return err
	}
	v.state.Store(next)
	return nil
}

func (v *Vault) load(ctx context.Context) (*vaultState, error) {
	ring, err := v.keys.Load()
	if err != nil {
		return nil, err
	}
	rows, err := keyRows(ctx, v.db)
	if err != nil {
		return nil, fmt.Errorf("read data keys: %w", err)
	}
	next := &vaultState{ring: ring, data: make(map[id.ID]dataKey, len(rows))}
	for _, r := range rows {
		k, err := v.unwrap(ring, r)
		if err != nil {
			return nil, err
		}
		next.data[r.ID] = k
		if r.State == keyActive {
			next.active = r.ID
		}
	}
	if next.active.IsZero() {
		return nil, errors.New("the database has no active data key")
	}
	return next, nil
}

func (v *Vault) suite(name string) (Suite, error) {
	i := slices.IndexFunc(v.suites, func(s Suite) bool { return s.Name() == name })
	if i < 0 {
		return nil, fmt.Errorf("a data key is for the cryptography suite %q, which this program does not have", name)
	}
	return v.suites[i], nil
}

// wrap encrypts a data key. The index key takes part in what is authenticated, so that a ring with the
// right key-encryption key and a wrong index key is noticed at once, not by searches that find nothing.
func wrap(s Suite, ring Ring, keyID id.ID, key []byte) ([]byte, error) {
	name := kekID(ring.current())
	sealed, err := s.Seal(ring.current(), key, wrapBound(s, ring, keyID))
	if err != nil {
		return nil, fmt.Errorf("wrap data key: %w", err)
	}
	return append(append([]byte{formatV1}, name[:]...), sealed...), nil
}

func wrapBound(s Suite, ring Ring, keyID id.ID) []byte {
	print := s.MAC(ring.index, []byte("redproperty index key print"))
	return bytes.Join([][]byte{[]byte("redproperty data key"), []byte(s.Name()), keyID[:], print}, []byte{0})
}

func (v *Vault) unwrap(ring Ring, r keyRow) (dataKey, error) {
	s, err := v.suite(r.Suite)
	if err != nil {
		return dataKey{}, err
	}
	if len(r.Wrapped) < 9 || r.Wrapped[0] != formatV1 {
		return dataKey{}, errors.New("a data key is damaged or of a newer format")
	}
	kek, ok := ring.kek([8]byte(r.Wrapped[1:9]))
	if !ok {
		return dataKey{}, errForeignRing
	}
	key, err := s.Open(kek, r.Wrapped[9:], wrapBound(s, ring, r.ID))
	if err != nil {
		return dataKey{}, errForeignRing
	}
	return dataKey{s, key}, nil
}

// bound is what a sealed value is tied to: the field, which stands for one column of one table, and
// the row. A value moved to another row or column does not open.
func bound(f Field, row id.ID) []byte {
	return bytes.Join([][]byte{[]byte("redproperty value 1"), []byte(f), row[:]}, []byte{0})
}

// sealable refuses a field that is not kept sealed: a defect of the caller.
func (v *Vault) sealable(f Field) error {
	if e, ok := v.entries[f]; !ok || e.Sealed == "" {
		return fmt.Errorf("personal: field %q is not one that is sealed", f)
	}
	return nil
}

// Seal encrypts plaintext for the field's column in the given row. An empty value is nil, to be stored
// as NULL: there is nothing to hide.
func (v *Vault) Seal(f Field, row id.ID, plaintext string) ([]byte, error) {
	if err := v.sealable(f); err != nil {
		return nil, err
	}
	if plaintext == "" {
		return nil, nil
	}
	st := v.state.Load()
	k := st.data[st.active]
	sealed, err := k.suite.Seal(k.key, []byte(plaintext), bound(f, row))
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", f, err)
	}
	return append(append([]byte{formatV1}, st.active[:]...), sealed...), nil
}

// Open decrypts what Seal made for the same field and row; nil is the empty value. A value that was
// changed, moved or sealed under a key that is not there is the fault personal.unreadable (Internal).
func (v *Vault) Open(f Field, row id.ID, sealed []byte) (string, error) {
	if err := v.sealable(f); err != nil {
		return "", err
	}
	if len(sealed) == 0 {
		return "", nil
	}
	k, err := v.keyOf(sealed)
	if err != nil {
		return "", unreadable(f, err)
	}
	text, err := k.suite.Open(k.key, sealed[headerLength:], bound(f, row))
	if err != nil {
		return "", unreadable(f, err)
	}
	return string(text), nil
}

func unreadable(f Field, err error) error {
	return fault.New(fault.Internal, "personal.unreadable", "field", string(f)).Because(err)
}

// keyOf finds the data key of a sealed value, asking the database once for one not yet known.
func (v *Vault) keyOf(sealed []byte) (dataKey, error) {
	if len(sealed) < headerLength || sealed[0] != formatV1 {
		return dataKey{}, errors.New("not a sealed value, or one of a newer format")
	}
	name := id.ID(sealed[1:headerLength])
	if k, ok := v.state.Load().data[name]; ok {
		return k, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), refreshLimit)
	defer cancel()
	if err := v.Refresh(ctx); err != nil {
		return dataKey{}, err
	}
	if k, ok := v.state.Load().data[name]; ok {
		return k, nil
	}
	return dataKey{}, errors.New("sealed under a key that is not in the database")
}

// Index is the blind index of a value for exact look-up: 32 bytes that tell nothing without the index
// key, equal for values that are equal once normalised (phone digits, NFC name). Indexes of different
// fields differ, so that stolen tables cannot be joined on them. An empty value, and a field whose
// values are not looked up, have none: nil.
func (v *Vault) Index(f Field, plaintext string) []byte {
	e := v.entries[f]
	normal := e.Kind.normal(plaintext)
	if e.Kind == Text || normal == "" {
		return nil
	}
	return v.suites[0].MAC(v.state.Load().ring.index, bytes.Join([][]byte{[]byte("redproperty index 1"), []byte(f), []byte(normal)}, []byte{0}))
}

// Derive makes a key for another purpose of the program, the same in every process and after every
// rotation, since it hangs on the index key.
func (v *Vault) Derive(purpose string) []byte {
	ring := v.state.Load().ring
	return v.suites[0].MAC(ring.index, []byte("derived key: "+purpose))
}

// Sealed lists the fields this vault seals, in a stable order.
func (v *Vault) Sealed() []Field {
	var out []Field
	for _, f := range slices.Sorted(maps.Keys(v.entries)) {
		if v.entries[f].Sealed != "" {
			out = append(out, f)
		}
	}
	return out
}

// Ring returns the ring in use, for the export of its shares.
func (v *Vault) Ring() Ring { return v.state.Load().ring }
