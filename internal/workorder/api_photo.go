package workorder

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
)

// photoUpload is the largest request with a photo: 15 MB of photo and the form around it.
const photoUpload = 16 << 20

type photoInput struct {
	OrderPath
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true" doc:"JPEG, PNG or WebP; it is drawn anew, so that place and device are forgotten"`
		Kind string        `form:"kind" required:"true" enum:"report,before,after,check" doc:"What it shows"`
	}]
}

// PhotoPath names a photo in a path. It is exported because embedded fields must be.
type PhotoPath struct {
	ID    id.ID `path:"id" doc:"The order"`
	Photo id.ID `path:"photoId" doc:"The photo"`
}

func (s *Service) registerPhotos(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "addWorkOrderPhoto", Method: http.MethodPost, Path: "/work-orders/{id}/photos", Tag: tagOrders, Permission: authz.OrderRead,
		Status: http.StatusCreated, MaxBody: photoUpload, Summary: "Add a photo",
		Description: "Optional, at most nine for an order. report is for who reported it, before and after for the handler, check for the community."},
		func(ctx context.Context, in *photoInput) (*httpapi.Body[OrderPhoto], error) {
			form := in.RawBody.Data()
			defer form.File.Close()
			return httpapi.Answer(s.AddPhoto(ctx, authz.From(ctx), in.ID, form.Kind, form.File.Size, form.File))
		})
	httpapi.Register(api, httpapi.Op{ID: "listWorkOrderPhotos", Method: http.MethodGet, Path: "/work-orders/{id}/photos", Tag: tagOrders, Permission: authz.OrderRead,
		Summary: "The photos of an order"},
		func(ctx context.Context, in *OrderPath) (*httpapi.Body[[]OrderPhoto], error) {
			return httpapi.Answer(s.OrderPhotos(ctx, authz.From(ctx), in.ID))
		})
	s.registerPicture(api, "getWorkOrderPhoto", "", "One photo", false)
	s.registerPicture(api, "getWorkOrderThumbnail", "/thumbnail", "A small copy of one photo", true)
	httpapi.Register(api, httpapi.Op{ID: "takeBackWorkOrderPhoto", Method: http.MethodDelete, Path: "/work-orders/{id}/photos/{photoId}", Tag: tagOrders, Permission: authz.OrderRead,
		Status: http.StatusNoContent, Summary: "Take a photo back", Description: "By its sender, before anybody was sent out, or within ten minutes. After that it is part of the case."},
		func(ctx context.Context, in *PhotoPath) (*httpapi.Empty, error) {
			return httpapi.Done(s.TakeBackPhoto(ctx, authz.From(ctx), in.ID, in.Photo))
		})
}

func (s *Service) registerPicture(api *httpapi.API, opID, suffix, summary string, thumbnail bool) {
	httpapi.Register(api, httpapi.Op{ID: opID, Method: http.MethodGet, Path: "/work-orders/{id}/photos/{photoId}" + suffix, Tag: tagOrders, Permission: authz.OrderRead,
		Summary: summary, Description: "For everybody who may see the order, and nobody else."},
		func(ctx context.Context, in *PhotoPath) (*huma.StreamResponse, error) {
			f, err := s.Photo(ctx, authz.From(ctx), in.ID, in.Photo, thumbnail)
			if err != nil {
				return nil, err
			}
			return httpapi.File(httpapi.Download{Name: in.Photo.String(), MediaType: f.MediaType, Inline: true, Immutable: true, Write: func(w io.Writer) error {
				defer f.Close()
				_, err := io.Copy(w, f)
				return err
			}}), nil
		})
}
