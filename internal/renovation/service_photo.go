package renovation

import (
	"context"
	"io"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

// mostPhotos is how many an entry of the diary can have.
const mostPhotos = 9

// AddPhoto adds a photo to an entry of the diary, drawn anew and without what the camera wrote into it. Photos are optional and count as
// nothing. The same picture sent again is the one there is. The fault renovation.photos_full (Conflict).
func (s *Service) AddPhoto(ctx context.Context, p authz.Principal, which, entry id.ID, how Taken, size int64, r io.Reader) (blob.Hash, error) {
	_, obj, err := s.reach(ctx, which)
	if err != nil {
		return blob.Hash{}, err
	}
	if err := authz.Require(p, authz.RenovationWork, obj); err != nil {
		return blob.Hash{}, err
	}
	if err := diaryIn(ctx, s.DB, which, entry); err != nil {
		return blob.Hash{}, err
	}
	if s.UploadLimit != nil && !p.Person.IsZero() {
		if err := s.UploadLimit.AllowBytes(ctx, p.Person, size); err != nil {
			return blob.Hash{}, err
		}
	}
	ph, err := s.shelve(ctx, r)
	if err != nil {
		return ph.Hash, err
	}
	_, err = s.take(ctx, p, which, authz.RenovationWork, StepDiary, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		n, err := countPhotos(ctx, tx, entry)
		if err != nil {
			return err
		}
		if n >= mostPhotos {
			return fault.New(fault.Conflict, "renovation.photos_full", "most", mostPhotos)
		}
		m.keeps = true
		m.note("entry", entry)
		m.note("photo", ph.Hash)
		return insertPhoto(ctx, tx, entry, ph, m.at, m.actor.Person.Ptr(), m.actor.Org.Ptr())
	})
	return ph.Hash, err
}

// shelve draws a photo anew and stores it with its thumbnail. What no row comes to name is swept away later.
func (s *Service) shelve(ctx context.Context, r io.Reader) (photo, error) {
	pic, err := s.Intake.Image(ctx, r)
	if err != nil {
		return photo{}, err
	}
	thumb, err := s.Intake.Thumbnail(ctx, pic.Bytes)
	if err != nil {
		return photo{}, err
	}
	ph := photo{MediaType: pic.MediaType, Size: int64(len(pic.Bytes)), ThumbType: thumb.MediaType}
	if ph.Hash, err = s.Files.Put(ctx, pic.Bytes); err != nil {
		return ph, err
	}
	ph.Thumb, err = s.Files.Put(ctx, thumb.Bytes)
	return ph, err
}

// Photo opens a photo of the diary, or its thumbnail, for who may see the project. The caller closes it.
func (s *Service) Photo(ctx context.Context, p authz.Principal, which, entry id.ID, h blob.Hash, thumbnail bool) (mediaType string, body io.ReadCloser, err error) {
	if _, err := s.project(ctx, p, which); err != nil {
		return "", nil, err
	}
	if err := diaryIn(ctx, s.DB, which, entry); err != nil {
		return "", nil, err
	}
	ph, err := photoIn(ctx, s.DB, entry, h)
	if err != nil {
		return "", nil, err
	}
	if thumbnail {
		body, err = s.Files.Get(ctx, ph.Thumb)
		return ph.ThumbType, body, err
	}
	body, err = s.Files.Get(ctx, ph.Hash)
	return ph.MediaType, body, err
}

// Diary lists what happened on the site, the newest first.
func (s *Service) Diary(ctx context.Context, p authz.Principal, which id.ID, req page.Request) (page.Page[DiaryEntry], error) {
	if _, err := s.project(ctx, p, which); err != nil {
		return page.Page[DiaryEntry]{}, err
	}
	last, err := before(req)
	if err != nil {
		return page.Page[DiaryEntry]{}, err
	}
	rows, err := diaryOf(ctx, s.DB, which, last, req.Size()+1)
	if err != nil {
		return page.Page[DiaryEntry]{}, err
	}
	return page.Cut(rows, req.Size(), func(d DiaryEntry) []string { return []string{d.ID.String()} }), nil
}
