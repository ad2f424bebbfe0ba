package survey

import (
	"context"
	"errors"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// asked checks a questionnaire and brings it into its one form: every dimension is one of the template's, which has its
// weight or shows it apart. Faults: rules.survey_template_unknown, survey.dimension, survey.unscored, those of package questionnaire.
func (s *Service) asked(template string, q questionnaire.Questionnaire) (questionnaire.Questionnaire, error) {
	t, err := s.Rules.Surveys.Template(template)
	if err != nil {
		return q, fault.InvalidField("body.template", "rules.survey_template_unknown")
	}
	q.Clean()
	if err := q.Check(); err != nil {
		return q, err
	}
	weighed := 0
	for _, d := range q.Dimensions() {
		if t.Weights()[d] > 0 {
			weighed++
		} else if !t.ShownApart(d) {
			return q, fault.InvalidField("body.questionnaire", "survey.dimension", "dimension", d)
		}
	}
	if weighed == 0 {
		return q, fault.InvalidField("body.questionnaire", "survey.unscored")
	}
	return q, nil
}

// author is the one capacity in which p holds surveys; several are capacity.ambiguous.
func author(p authz.Principal) (authz.Actor, string, error) {
	grants, err := authz.Holds(p, authz.SurveyAuthor)
	if err != nil {
		return authz.Actor{}, "", err
	}
	for _, g := range grants[1:] {
		if g.Org != grants[0].Org {
			return authz.Actor{}, "", fault.New(fault.Conflict, "capacity.ambiguous")
		}
	}
	return p.Actor(grants[0]), grants[0].Path, nil
}

// CreateForm keeps a new questionnaire as a draft of the caller's organisation. Who is rated writes none.
func (s *Service) CreateForm(ctx context.Context, p authz.Principal, once idem.Key, template string, q questionnaire.Questionnaire) (Form, error) {
	actor, path, err := author(p)
	if err != nil {
		return Form{}, err
	}
	if q, err = s.asked(template, q); err != nil {
		return Form{}, err
	}
	now := s.now()
	f := Form{ID: id.New(), OwnerID: actor.Org, ScopePath: path, Template: template, State: FormDraft, PersonID: actor.Person, CreatedAt: now, ChangedAt: now, Version: 1}
	f.fill(q)
	made := f.ID
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		got, again, err := once.Claim(ctx, tx, f.ID)
		if made = got; err != nil || again {
			return err
		}
		if err := insertForm(ctx, tx, f); err != nil {
			return err
		}
		return recordForm(ctx, tx, actor, "survey.form_create", f)
	})
	if err != nil {
		return Form{}, err
	}
	return formByID(ctx, s.DB, made)
}

// ReviseForm changes a draft. Faults: survey.form_published, version.stale.
func (s *Service) ReviseForm(ctx context.Context, p authz.Principal, form id.ID, t Taken, q questionnaire.Questionnaire) (Form, error) {
	return s.changeForm(ctx, p, form, t, "survey.form_revise", func(f *Form, _ clock.Instant) error {
		q, err := s.asked(f.Template, q)
		if err == nil {
			f.fill(q)
		}
		return err
	})
}

// PublishForm freezes a draft: from then on its hash names it.
func (s *Service) PublishForm(ctx context.Context, p authz.Principal, form id.ID, t Taken) (Form, error) {
	return s.changeForm(ctx, p, form, t, "survey.form_publish", func(f *Form, at clock.Instant) error {
		f.State, f.PublishedAt = FormPublished, &at
		return nil
	})
}

// changeForm changes a draft once. A repetition with the same key answers with the questionnaire as it is.
func (s *Service) changeForm(ctx context.Context, p authz.Principal, form id.ID, t Taken, action string, change func(*Form, clock.Instant) error) (Form, error) {
	f, err := s.ownForm(ctx, p, form)
	if err != nil {
		return Form{}, err
	}
	actor, err := authz.Act(p, authz.SurveyAuthor, authz.Object{Path: f.ScopePath})
	if err != nil {
		return Form{}, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := t.Once.Claim(ctx, tx, form); err != nil || again {
			return err
		}
		if f.State != FormDraft {
			return fault.New(fault.Conflict, "survey.form_published")
		}
		next := f
		next.ChangedAt, next.Version = s.now(), t.Version+1
		if err := change(&next, next.ChangedAt); err != nil {
			return err
		}
		err := updateForm(ctx, tx, next, t.Version)
		if errors.Is(err, dbx.ErrNoMatch) {
			return fault.New(fault.Stale, "version.stale")
		}
		if err != nil {
			return err
		}
		return recordForm(ctx, tx, actor, action, next)
	})
	if err != nil {
		return Form{}, err
	}
	return formByID(ctx, s.DB, form)
}

// ownForm reads a form that p may see: a draft is its organisation's alone.
func (s *Service) ownForm(ctx context.Context, p authz.Principal, form id.ID) (Form, error) {
	grants, err := authz.Holds(p, authz.SurveyRead)
	if err != nil {
		return Form{}, err
	}
	f, err := formByID(ctx, s.DB, form)
	if err != nil || f.State == FormPublished {
		return f, err
	}
	for _, g := range grants {
		if g.Role == authz.RoleSystem || g.Org == f.OwnerID {
			return f, nil
		}
	}
	return Form{}, fault.New(fault.NotFound, "not_found")
}

// Form is a questionnaire: a published one for everybody with survey.read, a draft for its organisation.
func (s *Service) Form(ctx context.Context, p authz.Principal, form id.ID) (Form, error) {
	return s.ownForm(ctx, p, form)
}

// Forms lists the published questionnaires and the drafts of one's own organisations, newest first.
func (s *Service) Forms(ctx context.Context, p authz.Principal, req page.Request) (page.Page[Form], error) {
	grants, err := authz.Holds(p, authz.SurveyRead)
	if err != nil {
		return page.Page[Form]{}, err
	}
	before, err := after(req)
	if err != nil {
		return page.Page[Form]{}, err
	}
	var orgs []id.ID
	for _, g := range grants {
		if !g.Org.IsZero() {
			orgs = append(orgs, g.Org)
		}
	}
	list, err := listForms(ctx, s.DB, orgs, before, req.Size()+1)
	if err != nil {
		return page.Page[Form]{}, err
	}
	return page.Cut(list, req.Size(), func(f Form) []string { return []string{f.ID.String()} }), nil
}

// after reads a cursor that is an id.
func after(req page.Request) (*id.ID, error) {
	parts, err := page.Decode(req.Cursor, 1)
	if err != nil || parts == nil {
		return nil, err
	}
	last, err := id.Parse(parts[0])
	if err != nil {
		return nil, fault.InvalidField("query.cursor", "page.cursor")
	}
	return &last, nil
}

func recordForm(ctx context.Context, tx *dbx.Tx, actor authz.Actor, action string, f Form) error {
	return audit.Record(ctx, tx, f.ChangedAt, audit.Entry{Actor: actor, Action: action, ObjectKind: "survey_form", ObjectID: f.ID, ScopePath: f.ScopePath,
		Detail: map[string]any{"hash": f.Hash, "version": f.Version}})
}
