package renovation

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

const tagWorks = "Renovation works"

func worksOp(name, method, path, summary string, perm authz.Permission) httpapi.Op {
	o := op(name, method, path, summary, perm)
	o.Tag = tagWorks
	return o
}

type tenderInput struct {
	ProjectPath
	Body Tender
}

type endingInput struct {
	ProjectPath
	Body Ending
}

// SupervisorPath names a resident supervisor of a project in the path.
type SupervisorPath struct {
	ProjectPath
	SupervisorID id.ID `path:"supervisorId" doc:"Resident supervisor"`
}

type dismissInput struct {
	SupervisorPath
	Body struct {
		Reason string `json:"reason" minLength:"2" maxLength:"200"`
	}
}

func (s *Service) registerPeople(api *httpapi.API) {
	httpapi.Register(api, worksOp("chooseRenovationContractor", http.MethodPut, "/contractor", "Record the result of the tender", authz.RenovationManage),
		func(ctx context.Context, in *tenderInput) (*httpapi.Versioned[View], error) {
			p, err := s.ChooseContractor(ctx, authz.From(ctx), in.ID, once(ctx), in.Body)
			return s.answer(ctx, p, err)
		})
	httpapi.Register(api, describe(worksOp("endRenovationContract", http.MethodPost, "/contractor/end", "End the works contract before the works are accepted", authz.RenovationManage),
		"With the reason that residents read and what the contract costs in the end. The next contractor is recorded as the first one was; what is still to be mended passes to it, and its price has to fit into what is left of the budget."),
		func(ctx context.Context, in *endingInput) (*httpapi.Versioned[View], error) {
			p, err := s.EndContract(ctx, authz.From(ctx), in.ID, once(ctx), in.Body)
			return s.answer(ctx, p, err)
		})
	httpapi.Register(api, describe(worksOp("volunteerAsSupervisor", http.MethodPost, "/supervisors", "Volunteer as a resident supervisor", authz.RenovationSupervise),
		"For who lives there and works for none of those whose work is looked after. Nobody is appointed who has not volunteered."),
		func(ctx context.Context, in *ProjectPath) (*httpapi.Versioned[View], error) {
			p, err := s.Volunteer(ctx, authz.From(ctx), in.ID, once(ctx))
			return s.answer(ctx, p, err)
		})
	httpapi.Register(api, worksOp("confirmSupervisor", http.MethodPost, "/supervisors/{supervisorId}/confirm", "Confirm a volunteer, for the owners' side", authz.RenovationConsent),
		func(ctx context.Context, in *SupervisorPath) (*httpapi.Versioned[View], error) {
			p, err := s.ConfirmSupervisor(ctx, authz.From(ctx), in.ID, in.SupervisorID, once(ctx))
			return s.answer(ctx, p, err)
		})
	httpapi.Register(api, worksOp("endSupervisor", http.MethodPost, "/supervisors/{supervisorId}/end", "End a supervisor's office: one's own, or for the owners' side", authz.RenovationRead),
		func(ctx context.Context, in *dismissInput) (*httpapi.Versioned[View], error) {
			p, err := s.EndSupervisor(ctx, authz.From(ctx), in.ID, in.SupervisorID, once(ctx), in.Body.Reason)
			return s.answer(ctx, p, err)
		})
}

type milestoneInput struct {
	ProjectPath
	Body NewMilestone
}

// MilestonePath names a milestone of a project in the path.
type MilestonePath struct {
	ProjectPath
	MilestoneID id.ID `path:"milestoneId" doc:"Milestone"`
}

type reachInput struct {
	MilestonePath
	Body struct {
		On clock.Date `json:"on"`
	}
}

type delayInput struct {
	MilestonePath
	Body NewDelay
}

type measureInput struct {
	ProjectItemPath
	Body Measurement
}

type findInput struct {
	ProjectPath
	Body NewFinding
}

func (s *Service) registerSite(api *httpapi.API) {
	httpapi.Register(api, worksOp("addRenovationMilestone", http.MethodPost, "/milestones", "Plan a milestone", authz.RenovationManage),
		func(ctx context.Context, in *milestoneInput) (*httpapi.Versioned[View], error) {
			p, err := s.AddMilestone(ctx, authz.From(ctx), in.ID, once(ctx), in.Body)
			return s.answer(ctx, p, err)
		})
	httpapi.Register(api, worksOp("reachRenovationMilestone", http.MethodPost, "/milestones/{milestoneId}/reach", "Record that a milestone was reached", authz.RenovationWork),
		func(ctx context.Context, in *reachInput) (*httpapi.Versioned[View], error) {
			p, err := s.ReachMilestone(ctx, authz.From(ctx), in.ID, in.MilestoneID, once(ctx), in.Body.On)
			return s.answer(ctx, p, err)
		})
	httpapi.Register(api, describe(worksOp("delayRenovationMilestone", http.MethodPost, "/milestones/{milestoneId}/delays", "Move the expected day of a milestone", authz.RenovationWork), "With the reason that residents read; the planned day stays."),
		func(ctx context.Context, in *delayInput) (*httpapi.Versioned[View], error) {
			p, err := s.DelayMilestone(ctx, authz.From(ctx), in.ID, in.MilestoneID, once(ctx), in.Body)
			return s.answer(ctx, p, err)
		})
	httpapi.Register(api, describe(worksOp("measureRenovationItem", http.MethodPost, "/items/{itemId}/progress", "Record how much of an item is built", authz.RenovationWork), "All of it so far. Nothing is built of an item that the owners have not decided on as it is."),
		func(ctx context.Context, in *measureInput) (*httpapi.Versioned[View], error) {
			p, err := s.Measure(ctx, authz.From(ctx), in.ID, in.ItemID, once(ctx), in.Body)
			return s.answer(ctx, p, err)
		})
	httpapi.Register(api, describe(worksOp("recordRenovationFinding", http.MethodPost, "/findings", "Record what was found on the site", authz.RenovationInspect),
		"A work order to the contractor is made of it. By an office, the owners' side or a confirmed resident supervisor; any other resident speaks by a remark."),
		func(ctx context.Context, in *findInput) (*httpapi.Versioned[View], error) {
			p, err := s.Find(ctx, authz.From(ctx), in.ID, once(ctx), in.Body)
			return s.answer(ctx, p, err)
		})
}

type checkInput struct {
	ProjectItemPath
	Body NewCheck
}

type signInput struct {
	ProjectItemPath
	Body struct {
		Words    string     `json:"words,omitempty" maxLength:"1000"`
		Document *blob.Hash `json:"document,omitempty" doc:"A record, a document of the project"`
	}
}

func (s *Service) registerAcceptance(api *httpapi.API) {
	httpapi.Register(api, describe(worksOp("checkRenovationItem", http.MethodPut, "/items/{itemId}/checks", "Record what was found of a line of an item's checklist", authz.RenovationInspect), "What fails is a defect: a work order to the contractor is made of it."),
		func(ctx context.Context, in *checkInput) (*httpapi.Versioned[View], error) {
			p, err := s.Look(ctx, authz.From(ctx), in.ID, in.ItemID, once(ctx), in.Body)
			return s.answer(ctx, p, err)
		})
	httpapi.Register(api, describe(worksOp("signRenovationItem", http.MethodPost, "/items/{itemId}/signatures", "Sign that an item is in order", authz.RenovationSign),
		"For the office that carries it out, the contractor, the residents (confirmed supervisors) or the utility that takes the line over. Each natural person signs once; the last one that is needed accepts the item."),
		func(ctx context.Context, in *signInput) (*httpapi.Versioned[View], error) {
			p, err := s.Sign(ctx, authz.From(ctx), in.ID, in.ItemID, once(ctx), in.Body.Words, in.Body.Document)
			return s.answer(ctx, p, err)
		})
}

type diaryInput struct {
	ProjectPath
	Body struct {
		On    clock.Date `json:"on"`
		Words string     `json:"words" minLength:"2" maxLength:"2000" doc:"Residents read it; no personal data"`
	}
}

type diaryMade struct {
	ID id.ID `json:"id" doc:"Entry of the diary"`
}

// DiaryPath names an entry of a project's diary in the path.
type DiaryPath struct {
	ProjectPath
	DiaryID id.ID `path:"diaryId" doc:"Entry of the diary"`
}

type photoInput struct {
	DiaryPath
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true" doc:"JPEG, PNG, WebP or HEIC"`
	}]
}

type photoMade struct {
	Hash blob.Hash `json:"hash"`
}

type photoPath struct {
	DiaryPath
	Hash      string `path:"hash" minLength:"64" maxLength:"64" doc:"Hash of the photo"`
	Thumbnail bool   `query:"thumbnail" doc:"The small picture"`
}

// maxPhoto bounds an upload; the intake has limits of its own below it.
const maxPhoto = 16 << 20

func (s *Service) registerDiary(api *httpapi.API) {
	httpapi.Register(api, worksOp("listRenovationDiary", http.MethodGet, "/diary", "What happened on the site, the newest first", authz.RenovationRead),
		func(ctx context.Context, in *pagedProject) (*httpapi.Body[page.Page[DiaryEntry]], error) {
			return httpapi.Answer(s.Diary(ctx, authz.From(ctx), in.ID, in.Page()))
		})
	write := worksOp("writeRenovationDiary", http.MethodPost, "/diary", "Write what happened on the site on a day", authz.RenovationWork)
	write.Status = http.StatusCreated
	httpapi.Register(api, write, func(ctx context.Context, in *diaryInput) (*httpapi.Body[diaryMade], error) {
		made, err := s.WriteDiary(ctx, authz.From(ctx), in.ID, once(ctx), in.Body.On, in.Body.Words)
		return httpapi.Answer(diaryMade{made}, err)
	})
	upload := describe(worksOp("addRenovationPhoto", http.MethodPost, "/diary/{diaryId}/photos", "Add a photo to an entry of the diary", authz.RenovationWork), "Optional; it counts as nothing. Drawn anew, without what the camera wrote into it.")
	upload.Status, upload.MaxBody = http.StatusCreated, maxPhoto
	httpapi.Register(api, upload, func(ctx context.Context, in *photoInput) (*httpapi.Body[photoMade], error) {
		f := in.RawBody.Data().File
		defer f.Close()
		h, err := s.AddPhoto(ctx, authz.From(ctx), in.ID, in.DiaryID, once(ctx), f.Size, f)
		return httpapi.Answer(photoMade{h}, err)
	})
	httpapi.Register(api, worksOp("getRenovationPhoto", http.MethodGet, "/diary/{diaryId}/photos/{hash}", "A photo of the diary", authz.RenovationRead),
		func(ctx context.Context, in *photoPath) (*huma.StreamResponse, error) {
			h, err := blob.ParseHash(in.Hash)
			if err != nil {
				return nil, fault.New(fault.NotFound, "not_found")
			}
			mediaType, body, err := s.Photo(ctx, authz.From(ctx), in.ID, in.DiaryID, h, in.Thumbnail)
			if err != nil {
				return nil, err
			}
			return httpapi.File(httpapi.Download{Name: blob.FileName("photo", mediaType), MediaType: mediaType, Inline: true, Immutable: true, Write: func(w io.Writer) error {
				defer body.Close()
				_, err := io.Copy(w, body)
				return err
			}}), nil
		})
}
