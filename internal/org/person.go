package org

import (
	"bytes"
	"context"
	"errors"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/text"
)

// Vault seals and opens personal data and makes blind indexes for exact look-up.
type Vault interface {
	Seal(f personal.Field, row id.ID, plaintext string) ([]byte, error)
	Open(f personal.Field, row id.ID, sealed []byte) (string, error)
	Index(f personal.Field, plaintext string) []byte
}

// Person is a natural person with the clear values: who hands them on records the reading.
type Person struct {
	ID     id.ID
	Name   string
	Stated bool   // the name is as the person stated it; nobody has verified it
	Phone  string // as personal.NormalPhone writes it; empty when none is known
	Erased bool
}

// Masked is the person as others are shown: 张**, 138****1234.
func (p Person) Masked() Person {
	p.Name, p.Phone = personal.MaskName(p.Name), personal.MaskPhone(p.Phone)
	return p
}

// cleanPerson checks a name and a phone; either may be empty.
func cleanPerson(name, phone string) (string, string, error) {
	name, err := text.Line("body.name", name, 0, 50)
	if err != nil {
		return "", "", err
	}
	normal := personal.NormalPhone(phone)
	if phone != "" && !personal.IsMobile(normal) && !foreignPhone(normal) {
		return "", "", fault.InvalidField("body.phone", "org.phone")
	}
	return personal.NormalName(name), normal, nil
}

// foreignPhone tells whether a normalised number is an international one: "+" and 7 to 15 digits (ITU E.164).
func foreignPhone(normal string) bool {
	return len(normal) >= 8 && len(normal) <= 16 && normal[0] == '+'
}

// EnsurePerson returns the person with this phone, or enters a new one. A person entered by phone alone
// gets the name with the first call that brings one, and so does who stated a name themselves. Without a phone nobody can be found again, so each
// call enters a new person. Faults: input.invalid (org.phone, org.name_or_phone, text.*);
// org.person_name_differs (Conflict) when the phone belongs to somebody of another name.
func (s *Service) EnsurePerson(ctx context.Context, tx *dbx.Tx, name, phone string) (id.ID, error) {
	name, phone, err := cleanPerson(name, phone)
	if err != nil {
		return id.Nil, err
	}
	if name == "" && phone == "" {
		return id.Nil, fault.InvalidField("body.phone", "org.name_or_phone")
	}
	index := s.vault.Index(personal.PersonPhone, phone)
	if index == nil {
		return s.insertPerson(ctx, tx, name, "", nil)
	}
	found, err := personByPhone(ctx, tx, index)
	if dbx.IsNoRow(err) {
		who, err := s.insertPerson(ctx, tx, name, phone, index)
		if !dbx.IsDuplicate(err) {
			return who, err
		}
		found, err = personByPhone(ctx, tx, index) // somebody else entered the phone in this moment
		if err != nil {
			return id.Nil, err
		}
		return found.ID, s.agreeName(ctx, tx, found, name)
	}
	if err != nil {
		return id.Nil, err
	}
	return found.ID, s.agreeName(ctx, tx, found, name)
}

func (s *Service) insertPerson(ctx context.Context, tx *dbx.Tx, name, phone string, phoneIndex []byte) (id.ID, error) {
	row := personRow{ID: id.New(), NameIndex: s.vault.Index(personal.PersonName, name), PhoneIndex: phoneIndex, CreatedAt: clock.Now(s.clock)}
	var err error
	if row.Name, err = s.vault.Seal(personal.PersonName, row.ID, name); err != nil {
		return id.Nil, err
	}
	if row.Phone, err = s.vault.Seal(personal.PersonPhone, row.ID, phone); err != nil {
		return id.Nil, err
	}
	return row.ID, insertPerson(ctx, tx, row)
}

// agreeName compares the name given with the one on record, or records the first one.
func (s *Service) agreeName(ctx context.Context, tx *dbx.Tx, found personRow, name string) error {
	index := s.vault.Index(personal.PersonName, name)
	switch {
	case name == "" || bytes.Equal(index, found.NameIndex) && !found.NameStated:
		return nil
	case found.NameIndex != nil && !found.NameStated:
		return fault.New(fault.Conflict, "org.person_name_differs")
	}
	sealed, err := s.vault.Seal(personal.PersonName, found.ID, name)
	if err != nil {
		return err
	}
	err = setVerifiedName(ctx, tx, found.ID, sealed, index)
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Conflict, "org.person_name_differs")
	}
	return err
}

// NameUnnamed gives a person who was entered by phone alone the name that somebody verified;
// one that they stated themselves gives way to it. Who has a verified name keeps it.
func (s *Service) NameUnnamed(ctx context.Context, tx *dbx.Tx, person id.ID, name string) error {
	name, _, err := cleanPerson(name, "")
	if err != nil || name == "" {
		return err
	}
	sealed, err := s.vault.Seal(personal.PersonName, person, name)
	if err != nil {
		return err
	}
	return unlessNamed(setVerifiedName(ctx, tx, person, sealed, s.vault.Index(personal.PersonName, name)))
}

// StateName gives a person without a name the one that they state themselves; others see that nobody has verified it. Who has a name
// keeps it. Faults: input.invalid (text.*).
func (s *Service) StateName(ctx context.Context, tx *dbx.Tx, person id.ID, name string) error {
	name, _, err := cleanPerson(name, "")
	if err != nil || name == "" {
		return err
	}
	sealed, err := s.vault.Seal(personal.PersonName, person, name)
	if err != nil {
		return err
	}
	return unlessNamed(setStatedName(ctx, tx, person, sealed, s.vault.Index(personal.PersonName, name)))
}

// unlessNamed lets a name stand that was there already.
func unlessNamed(err error) error {
	if errors.Is(err, dbx.ErrNoMatch) {
		return nil
	}
	return err
}

// IsNamed tells whether the name of a person is known, verified or stated.
func (s *Service) IsNamed(ctx context.Context, q dbx.Querier, person id.ID) (bool, error) {
	rows, err := personsByID(ctx, q, []id.ID{person})
	return len(rows) == 1 && rows[0].NameIndex != nil, err
}

// PersonByPhone finds a person by exact phone; the zero ID when there is none.
func (s *Service) PersonByPhone(ctx context.Context, q dbx.Querier, phone string) (id.ID, error) {
	index := s.vault.Index(personal.PersonPhone, phone)
	if index == nil {
		return id.Nil, nil
	}
	row, err := personByPhone(ctx, q, index)
	if dbx.IsNoRow(err) {
		return id.Nil, nil
	}
	return row.ID, err
}

// Person returns a person with the clear name and phone. The caller decides who may see them, masks them
// or records the reading. The fault not_found for an unknown person.
func (s *Service) Person(ctx context.Context, q dbx.Querier, person id.ID) (Person, error) {
	rows, err := personsByID(ctx, q, []id.ID{person})
	if err != nil {
		return Person{}, err
	}
	if len(rows) == 0 {
		return Person{}, fault.New(fault.NotFound, "not_found")
	}
	return s.openPerson(rows[0])
}

// Persons returns many persons by id, as Person does; unknown ones are missing from the map.
func (s *Service) Persons(ctx context.Context, q dbx.Querier, ids []id.ID) (map[id.ID]Person, error) {
	rows, err := personsByID(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID]Person, len(rows))
	for _, r := range rows {
		if out[r.ID], err = s.openPerson(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) openPerson(r personRow) (Person, error) {
	name, err := s.vault.Open(personal.PersonName, r.ID, r.Name)
	if err != nil {
		return Person{}, err
	}
	phone, err := s.vault.Open(personal.PersonPhone, r.ID, r.Phone)
	return Person{ID: r.ID, Name: name, Stated: r.NameStated, Phone: phone, Erased: r.ErasedAt != nil}, err
}
