package workorder

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
)

// AddPhoto adds a photo to an order, drawn anew and stored by the hash of its bytes. The same picture sent again is
// the one there is. Faults: workorder.photo_kind, workorder.photo_late, workorder.photos_full, those of package
// blob, and those of the limit.
func (s *Service) AddPhoto(ctx context.Context, p authz.Principal, order id.ID, kind string, size int64, r io.Reader) (OrderPhoto, error) {
	o, err := orderByID(ctx, s.DB, order)
	if err != nil {
		return OrderPhoto{}, err
	}
	actor, err := mayAdd(o, p, kind)
	if err != nil {
		return OrderPhoto{}, err
	}
	if s.UploadLimit != nil {
		if err := s.UploadLimit.AllowBytes(ctx, p.Person, size); err != nil {
			return OrderPhoto{}, err
		}
	}
	ph, err := s.shelve(ctx, r)
	if err != nil {
		return OrderPhoto{}, err
	}
	now := s.now()
	ph.ID, ph.Kind, ph.At, ph.PersonID, ph.OrgID = id.New(), kind, now, p.Person.Ptr(), actor.Org.Ptr()
	var stored OrderPhoto
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		stored, err = s.attach(ctx, tx, p, actor, order, ph)
		return err
	})
	stored.Deletable = stored.mayTakeBack(o, p, now)
	return stored, err
}

// shelve draws the photo anew and stores it with its thumbnail. What no row comes to name is swept away later.
func (s *Service) shelve(ctx context.Context, r io.Reader) (OrderPhoto, error) {
	pic, err := s.Photos.Image(ctx, r)
	if err != nil {
		return OrderPhoto{}, err
	}
	thumb, err := s.Photos.Thumbnail(ctx, pic.Bytes)
	if err != nil {
		return OrderPhoto{}, err
	}
	ph := OrderPhoto{
		MediaType: pic.MediaType, Width: int64(pic.Width), Height: int64(pic.Height), Bytes: int64(len(pic.Bytes)),
		ThumbType: thumb.MediaType, ThumbBytes: int64(len(thumb.Bytes)),
	}
	if ph.Hash, err = s.Shelf.Put(ctx, pic.Bytes); err != nil {
		return OrderPhoto{}, err
	}
	ph.ThumbHash, err = s.Shelf.Put(ctx, thumb.Bytes)
	return ph, err
}

// attach takes the first free slot; when somebody else takes it at the same moment, the next one.
func (s *Service) attach(ctx context.Context, tx *dbx.Tx, p authz.Principal, actor authz.Actor, order id.ID, ph OrderPhoto) (OrderPhoto, error) {
	o, err := orderByID(ctx, tx, order)
	if err != nil {
		return ph, err
	}
	if _, err := mayAdd(o, p, ph.Kind); err != nil {
		return ph, err // the order has moved on while the photo was being drawn
	}
	taken, err := photosOf(ctx, tx, order)
	if err != nil {
		return ph, err
	}
	for _, t := range taken {
		if t.Hash == ph.Hash {
			return t, nil
		}
	}
	for _, ph.Slot = range freeSlots(taken, s.Rules.WorkOrders.Photos.AtMost) {
		err := insertPhoto(ctx, tx, order, ph)
		if dbx.DuplicateOf(err, "slot") {
			continue
		}
		if dbx.IsDuplicate(err) {
			return s.twin(ctx, tx, order, ph)
		}
		if err != nil {
			return ph, err
		}
		return ph, audit.Record(ctx, tx, ph.At, audit.Entry{
			Actor: actor, Action: "workorder.add_photo", ObjectKind: "work_order", ObjectID: order, ScopePath: o.ScopePath,
			Detail: map[string]any{"photo": ph.ID, "kind": ph.Kind, "hash": ph.Hash.String()},
		})
	}
	return ph, fault.New(fault.Conflict, "workorder.photos_full", "most", s.Rules.WorkOrders.Photos.AtMost)
}

// twin is the same picture, added by another call at the same moment.
func (s *Service) twin(ctx context.Context, tx *dbx.Tx, order id.ID, ph OrderPhoto) (OrderPhoto, error) {
	taken, err := photosOf(ctx, tx, order)
	if err != nil {
		return ph, err
	}
	for _, t := range taken {
		if t.Hash == ph.Hash {
			return t, nil
		}
	}
	return ph, fault.New(fault.Conflict, "workorder.changed_meanwhile")
}

// OrderPhotos lists the photos of an order, by slot, for whoever may see the order and them (see meantFor).
func (s *Service) OrderPhotos(ctx context.Context, p authz.Principal, order id.ID) ([]OrderPhoto, error) {
	o, err := s.visible(ctx, p, order)
	if err != nil {
		return nil, err
	}
	out, err := photosOf(ctx, s.DB, order)
	now, e := s.now(), lookAt(o, p)
	out = slices.DeleteFunc(out, func(ph OrderPhoto) bool { return !ph.meantFor(o, e, p.Person) })
	for i := range out {
		out[i].Deletable = out[i].mayTakeBack(o, p, now)
	}
	return out, err
}

// PhotoFile is a photo's content. The caller closes it.
type PhotoFile struct {
	io.ReadCloser
	MediaType string
	Bytes     int64
}

// Photo opens a photo, or its thumbnail, for somebody who may see the order.
func (s *Service) Photo(ctx context.Context, p authz.Principal, order, photo id.ID, thumbnail bool) (PhotoFile, error) {
	o, err := s.visible(ctx, p, order)
	if err != nil {
		return PhotoFile{}, err
	}
	ph, err := photoByID(ctx, s.DB, order, photo)
	if err != nil {
		return PhotoFile{}, err
	}
	if !ph.meantFor(o, lookAt(o, p), p.Person) {
		return PhotoFile{}, notFound()
	}
	hash, file := ph.Hash, PhotoFile{MediaType: ph.MediaType, Bytes: ph.Bytes}
	if thumbnail {
		hash, file = ph.ThumbHash, PhotoFile{MediaType: ph.ThumbType, Bytes: ph.ThumbBytes}
	}
	file.ReadCloser, err = s.Shelf.Get(ctx, hash)
	return file, err
}

// TakeBackPhoto deletes a photo that its sender regrets, while it may be (see OrderPhoto). Its slot is free again; the
// file goes with the next sweep. Fault: workorder.photo_kept.
func (s *Service) TakeBackPhoto(ctx context.Context, p authz.Principal, order, photo id.ID) error {
	o, err := s.visible(ctx, p, order)
	if err != nil {
		return err
	}
	ph, err := photoByID(ctx, s.DB, order, photo)
	if err != nil {
		return err
	}
	now := s.now()
	actor, err := mayAdd(o, p, ph.Kind)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		o, err := orderByID(ctx, tx, order)
		if err != nil {
			return err
		}
		if !ph.mayTakeBack(o, p, now) {
			return fault.New(fault.Conflict, "workorder.photo_kept")
		}
		if err := deletePhoto(ctx, tx, order, photo); err != nil {
			if isNoMatch(err) {
				return notFound()
			}
			return err
		}
		return audit.Record(ctx, tx, now, audit.Entry{
			Actor: actor, Action: "workorder.take_back_photo", ObjectKind: "work_order", ObjectID: order, ScopePath: o.ScopePath,
			Detail: map[string]any{"photo": photo, "kind": ph.Kind, "hash": ph.Hash.String()},
		})
	})
}

// What the sweep leaves alone, and how many files it asks the database about at once.
const (
	orphanAge   = 24 * time.Hour
	orphanBatch = 500
)

// SweepPhotos deletes stored files that are older than a day and that no row of any table names: photos taken
// back, uploads that were broken off. Its age is asked again before a file goes, since storing it anew makes it young.
func (s *Service) SweepPhotos(ctx context.Context, l job.Lease) (bool, error) {
	if s.Shelf == nil {
		return false, nil
	}
	cutoff := s.now().Add(-orphanAge)
	var old []blob.Hash
	sweep := func() error {
		defer func() { old = old[:0] }()
		return s.sweepSome(ctx, l, old)
	}
	err := s.Shelf.Walk(ctx, func(i blob.Info) error {
		if i.Stored >= cutoff {
			return nil
		}
		if old = append(old, i.Hash); len(old) < orphanBatch {
			return nil
		}
		return sweep()
	})
	if err == nil && len(old) > 0 {
		err = sweep()
	}
	return false, err
}

func (s *Service) sweepSome(ctx context.Context, l job.Lease, old []blob.Hash) error {
	err := s.DB.InTx(ctx, l.Check)
	if err != nil {
		return err
	}
	orphans, err := unreferenced(ctx, s.DB, old)
	if err != nil {
		return err
	}
	cutoff := s.now().Add(-orphanAge)
	for _, h := range orphans {
		info, err := s.Shelf.Stat(ctx, h)
		if errors.Is(err, fault.NotFound) || (err == nil && info.Stored >= cutoff) {
			continue
		}
		if err == nil {
			err = s.Shelf.Delete(ctx, h)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
