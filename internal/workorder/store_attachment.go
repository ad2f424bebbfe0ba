package workorder

import (
	"context"

	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

const photoColumns = `id, slot, kind, hash, thumb_hash, media_type, thumb_type, width, height, size_bytes, thumb_bytes, person_id, org_id, at`

func photosOf(ctx context.Context, q dbx.Querier, order id.ID) ([]OrderPhoto, error) {
	var out []OrderPhoto
	err := q.Select(ctx, &out, `SELECT `+photoColumns+` FROM work_order_attachment WHERE order_id = ? ORDER BY slot`, order)
	return out, err
}

func photoByID(ctx context.Context, q dbx.Querier, order, photo id.ID) (OrderPhoto, error) {
	var ph OrderPhoto
	err := q.Get(ctx, &ph, `SELECT `+photoColumns+` FROM work_order_attachment WHERE id = ? AND order_id = ?`, photo, order)
	if dbx.IsNoRow(err) {
		return ph, notFound()
	}
	return ph, err
}

// insertPhoto stores a photo in its slot; UNIQUE keys refuse a taken slot and the same picture twice.
func insertPhoto(ctx context.Context, tx *dbx.Tx, order id.ID, ph OrderPhoto) error {
	_, err := tx.Exec(ctx, `INSERT INTO work_order_attachment (order_id, `+photoColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		order, ph.ID, ph.Slot, ph.Kind, ph.Hash, ph.ThumbHash, ph.MediaType, ph.ThumbType, ph.Width, ph.Height, ph.Bytes, ph.ThumbBytes, ph.PersonID, ph.OrgID, ph.At)
	return err
}

func deletePhoto(ctx context.Context, tx *dbx.Tx, order, photo id.ID) error {
	return tx.ExecOne(ctx, `DELETE FROM work_order_attachment WHERE id = ? AND order_id = ?`, photo, order)
}

// forgetPhotos takes out what a person showed of their own trouble; what others photographed of the work stays.
func forgetPhotos(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM work_order_attachment WHERE person_id = ? AND kind = 'report'`, person)
	return err
}

// blobReferences are the columns of the whole schema that hold the hash of a stored file. A test compares the
// list with the schema: a file that only a forgotten column names would be swept away.
var blobReferences = []struct{ table, column string }{
	{"work_order_attachment", "hash"},
	{"work_order_attachment", "thumb_hash"},
	{"contract_document", "hash"},
	{"contract_decision", "document"},
	{"contract_notice", "document"},
	{"contract_handover_item", "document"},
	{"vote_document", "hash"},
	{"vote", "bylaw"},
	{"vote", "official_document"},
	{"vote", "result_document"},
	{"vote_entry", "scan"},
	{"vote_ballot", "scan"},
	{"vote_ballot", "second_scan"},
	{"renovation", "wishes_document"},
	{"renovation", "completion_document"},
	{"renovation", "year_document"},
	{"renovation_consent", "document"},
	{"renovation_document", "hash"},
	{"renovation_document", "thumb_hash"},
	{"renovation_signature", "document"},
	{"renovation_former_contract", "document"},
}

// unreferenced are those of some files that no row of any table names.
func unreferenced(ctx context.Context, q dbx.Querier, hashes []blob.Hash) ([]blob.Hash, error) {
	left := make(map[blob.Hash]bool, len(hashes))
	for _, h := range hashes {
		left[h] = true
	}
	for _, ref := range blobReferences {
		var used []blob.Hash
		err := q.Select(ctx, &used, `SELECT DISTINCT `+ref.column+` FROM `+ref.table+` WHERE `+in(ref.column, len(hashes)), anys(hashes)...)
		if err != nil {
			return nil, err
		}
		for _, h := range used {
			delete(left, h)
		}
	}
	var out []blob.Hash
	for _, h := range hashes {
		if left[h] {
			out = append(out, h)
		}
	}
	return out, nil
}
