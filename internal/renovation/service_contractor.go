package renovation

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/text"
)

// ChooseContractor records the result of the tender. Where the contract before was ended, what is still to be mended passes to the one who
// follows. Faults: renovation.contractor, renovation.future (Invalid); renovation.contract_stands (Conflict) where another is at work;
// renovation.overrun (Conflict) for a price that, with what ended contracts cost, goes beyond the plan's budget and the overrun rule.
func (s *Service) ChooseContractor(ctx context.Context, p authz.Principal, which id.ID, how Taken, in Tender) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationManage, StepTender, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		reference, err := s.cleanTender(ctx, tx, m, in)
		if err != nil {
			return err
		}
		f, err := s.facts(ctx, tx, m.now)
		if err != nil {
			return err
		}
		paid, _ := sumLines(f.lines)
		if err := vacant(m.now, in, paid.PaidFen); err != nil {
			return err
		}
		former, err := formerOf(ctx, tx, which)
		if err != nil {
			return err
		}
		if f.local.Overrun.Exceeded(m.now.BudgetFen, committed(former, paid.PaidFen, m.now.ContractorID == nil)+in.PriceFen) {
			return overrun(m.now.BudgetFen, f)
		}
		m.next.ContractorID, m.next.TenderReference, m.next.TenderedOn, m.next.ContractFen = &in.ContractorID, reference, &in.On, &in.PriceFen
		m.note("contractor", in.ContractorID)
		m.note("priceFen", in.PriceFen)
		if len(former) == 0 {
			return nil
		}
		m.tell("renovation.contractor", map[string]any{"kind": "follows"})
		return s.Orders.PassOn(ctx, tx, ordersOf(f.findings), in.ContractorID, m.at)
	})
}

// cleanTender checks who was chosen, when and for how much, and returns the clean number of the result.
func (s *Service) cleanTender(ctx context.Context, tx *dbx.Tx, m *move, in Tender) (string, error) {
	reference, err := text.Line("body.reference", in.Reference, 1, 100)
	if err != nil {
		return "", err
	}
	if !realDay(in.On) || in.On > m.today {
		return "", fault.InvalidField("body.on", "renovation.future")
	}
	o, err := s.Orgs.Org(ctx, tx, in.ContractorID)
	wrong := fault.InvalidField("body.contractorId", "renovation.contractor")
	if err != nil {
		return "", fault.MissingAs(err, wrong)
	}
	if !o.Active || o.Kind != "contractor" && o.Kind != "company" && o.Kind != "utility" {
		return "", wrong
	}
	if in.PriceFen < 1 || in.PriceFen > maxFen {
		return "", fault.InvalidField("body.priceFen", "renovation.amount")
	}
	return reference, nil
}

// vacant refuses a contractor in the place of another whose contract was not ended: once the works have begun, or once it was paid. Before,
// what was recorded can be corrected.
func vacant(p Project, in Tender, paidFen int64) error {
	if p.ContractorID == nil {
		return nil
	}
	if p.State.reached(Works) || *p.ContractorID != in.ContractorID && paidFen > 0 {
		return fault.New(fault.Conflict, "renovation.contract_stands")
	}
	return nil
}

// EndContract ends the works contract before the works are accepted, with the reason that residents read and what it costs in the end.
// Nothing that was built or accepted is lost; what its contractor signed of items that are not accepted yet is void. Faults:
// renovation.no_contractor (Conflict); renovation.ended_before, renovation.settled_over, renovation.document (Invalid).
func (s *Service) EndContract(ctx context.Context, p authz.Principal, which id.ID, how Taken, in Ending) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationManage, StepEnd, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if m.now.ContractorID == nil {
			return fault.New(fault.Conflict, "renovation.no_contractor")
		}
		ended, err := s.ending(ctx, tx, m, in)
		if err != nil {
			return err
		}
		if err := insertFormer(ctx, tx, which, ended, m.actor.Person.Ptr(), m.actor.Org.Ptr()); err != nil {
			return err
		}
		m.next.ContractorID, m.next.TenderReference, m.next.TenderedOn, m.next.ContractFen = nil, "", nil, nil
		m.note("contractor", ended.ContractorID)
		m.note("settledFen", ended.SettledFen)
		m.note("on", ended.EndedOn)
		m.because(ended.Reason)
		m.tell("renovation.contractor", map[string]any{"kind": "ended"})
		return voidParty(ctx, tx, which, PartyContractor, m.at)
	})
}

// ending checks how the contract in force ends.
func (s *Service) ending(ctx context.Context, tx *dbx.Tx, m *move, in Ending) (Former, error) {
	reason, err := text.Paragraph("body.reason", in.Reason, 5, 1000)
	if err != nil {
		return Former{}, err
	}
	if !realDay(in.On) || in.On > m.today {
		return Former{}, fault.InvalidField("body.on", "renovation.future")
	}
	if in.On < *m.now.TenderedOn {
		return Former{}, fault.InvalidField("body.on", "renovation.ended_before", "date", string(*m.now.TenderedOn))
	}
	local := s.Rules.Renovation.Locality(m.now.Division)
	if in.SettledFen < 0 || local.Overrun.Exceeded(*m.now.ContractFen, in.SettledFen) {
		return Former{}, fault.InvalidField("body.settledFen", "renovation.settled_over")
	}
	if in.Document != nil {
		if err := s.attached(ctx, tx, m.now.ID, *in.Document); err != nil {
			return Former{}, err
		}
	}
	return Former{ID: id.New(), ContractorID: *m.now.ContractorID, Reference: m.now.TenderReference, TenderedOn: *m.now.TenderedOn, PriceFen: *m.now.ContractFen,
		EndedOn: in.On, Reason: reason, SettledFen: in.SettledFen, Document: in.Document, At: m.at}, nil
}

// nameFormer reads the contracts that were ended, with the names of their contractors.
func (s *Service) nameFormer(ctx context.Context, q dbx.Querier, v *View) (err error) {
	if v.Former, err = formerOf(ctx, q, v.ID); err != nil {
		return err
	}
	for i, c := range v.Former {
		o, err := s.Orgs.Org(ctx, q, c.ContractorID)
		if err != nil {
			return err
		}
		v.Former[i].Contractor = o.Name
	}
	return nil
}

// Follower is who mends what was found, by its order, in the place of handler: who builds the project now. It is handler itself for an order
// that is of no finding, and while nobody follows. Package workorder asks it when work turns out not to be done.
func (s *Service) Follower(ctx context.Context, q dbx.Querier, order, handler id.ID) (id.ID, error) {
	now, err := builderOf(ctx, q, order)
	if dbx.IsNoRow(err) || err == nil && now == nil {
		return handler, nil
	}
	return id.OrNil(now), err
}

// buildersOf lists who builds a project and who built it before.
func buildersOf(ctx context.Context, q dbx.Querier, p Project) ([]id.ID, error) {
	former, err := formerOf(ctx, q, p.ID)
	var out []id.ID
	for _, c := range former {
		out = append(out, c.ContractorID)
	}
	if p.ContractorID != nil {
		out = append(out, *p.ContractorID)
	}
	return out, err
}

// ordersOf lists the work orders of some findings.
func ordersOf(findings []Finding) []id.ID {
	out := make([]id.ID, len(findings))
	for i, f := range findings {
		out[i] = f.Order
	}
	return out
}
