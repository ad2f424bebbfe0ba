package vote

import (
	"context"
	"io"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Document is a paper of a vote: the owners' own rules, a plan, the municipal system's result, the published result.
type Document struct {
	Hash      blob.Hash     `db:"hash" json:"hash"`
	Name      string        `db:"name" json:"name"`
	MediaType string        `db:"media_type" json:"mediaType"`
	Size      int64         `db:"size_bytes" json:"size"`
	AddedAt   clock.Instant `db:"added_at" json:"addedAt"`
	PersonID  *id.ID        `db:"person_id" json:"-"`
}

func holds(papers []Document, h blob.Hash) bool {
	return slices.ContainsFunc(papers, func(d Document) bool { return d.Hash == h })
}

// AddDocument adds a paper, by who proposed or organises the vote, until the result is published. The same again is one.
func (s *Service) AddDocument(ctx context.Context, p authz.Principal, t Taken, which id.ID, name string, r io.Reader) (Document, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return Document{}, err
	}
	actor, err := s.owned(ctx, p, v)
	if err != nil {
		return Document{}, err
	}
	if v.State.Public() || v.State == Cancelled {
		return Document{}, impossible(v)
	}
	file, err := s.Intake.Document(ctx, r)
	if err != nil {
		return Document{}, err
	}
	if _, err := s.Files.Put(ctx, file.Bytes); err != nil {
		return Document{}, err
	}
	d := Document{Hash: file.SHA256, Name: blob.FileName(name, file.MediaType), MediaType: file.MediaType, Size: int64(len(file.Bytes)), AddedAt: s.now(), PersonID: actor.Person.Ptr()}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := t.Once.Claim(ctx, tx, v.ID); err != nil || again {
			return err
		}
		err := insertDocument(ctx, tx, v.ID, d)
		if dbx.IsDuplicate(err) {
			return nil
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, v, "vote.add_document", map[string]any{"document": d.Hash})
	})
	return d, err
}

// Documents lists the papers of a vote.
func (s *Service) Documents(ctx context.Context, p authz.Principal, which id.ID) ([]Document, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return nil, err
	}
	return documentsOf(ctx, s.DB, v.ID)
}

// OpenDocument opens a paper of a vote for whoever sees the vote.
func (s *Service) OpenDocument(ctx context.Context, p authz.Principal, which id.ID, h blob.Hash) (Document, io.ReadCloser, error) {
	list, err := s.Documents(ctx, p, which)
	if err != nil {
		return Document{}, nil, err
	}
	at := slices.IndexFunc(list, func(d Document) bool { return d.Hash == h })
	if at < 0 {
		return Document{}, nil, fault.New(fault.NotFound, "not_found")
	}
	body, err := s.Files.Get(ctx, h)
	return list[at], body, err
}
