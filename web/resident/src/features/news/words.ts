import type { RouteLocationRaw } from 'vue-router';

import type { Schemas } from '@redproperty/shared/api/client';
import { useFormat } from '@redproperty/shared/format/use-format';
import { useLanguage } from '@redproperty/shared/i18n/use-language';
import { now } from '@redproperty/shared/session/clock';

import { useT } from '@/texts';

export type Happening = Schemas['Happening'];

/** A piece of news in words. */
export interface Line {
  about: 'repair' | 'manage' | 'figures' | 'survey' | 'vote' | 'works';
  title: string;
  hint: string;
  /** Whether a time has passed. */
  late: boolean;
  /** Where it is told in full; a repair is somebody else's to read. */
  to?: RouteLocationRaw;
}

/** Puts news into words, in setup. */
export function useNewsWords(): (h: Happening) => Line {
  const t = useT();
  const format = useFormat();
  const { locale } = useLanguage();

  function repair(h: Happening): Line {
    const place = [h.building, h.publicArea].filter(Boolean).join(' ');
    const name = (locale() === 'en' ? h.nameEn : h.nameZh) ?? '';
    const line = { about: 'repair' as const, title: [place, name].filter(Boolean).join(' · '), late: false };
    if (h.kind === 'repair_done') return { ...line, hint: t('news.done') };
    const state = t(`news.repair.${h.state as 'reported'}`);
    if (h.paused) return { ...line, hint: `${state} · ${t('news.paused')}` };
    if (!h.dueAt) return { ...line, hint: state };
    const source = h.timeSource as 'promised' | 'reference';
    const over = now() - new Date(h.dueAt).getTime();
    const time = over > 0 ? t(`news.late.${source}`, { span: format.span(over) }) : t(`news.due.${source}`, { at: format.moment(h.dueAt) });
    return { ...line, hint: `${state} · ${time}`, late: over > 0 };
  }

  function arrangement(h: Happening): Line {
    const kind = t(`news.manage.${h.state as 'contract'}`);
    const until = h.until ? t('news.until', { at: format.date(h.until) }) : '';
    return { about: 'manage', title: h.title || kind, hint: [h.title ? kind : '', until].filter(Boolean).join(' · '), late: false, to: '/books' };
  }

  function span(h: Happening): { from: string; to: string } {
    return { from: h.opensAt ? format.moment(h.opensAt) : '', to: h.dueAt ? format.moment(h.dueAt) : '' };
  }

  return (h) => {
    const title = h.title ?? '';
    switch (h.kind) {
      case 'repair_open':
      case 'repair_done':
        return repair(h);
      case 'arrangement':
        return arrangement(h);
      case 'rates':
        return { about: 'figures', title: t((h.revision ?? 1) > 1 ? 'news.monthRevised' : 'news.month', { month: format.month(h.month ?? '') }), hint: '', late: false, to: '/books' };
      case 'survey_announced':
        return { about: 'survey', title, hint: t('news.survey.announced', span(h)), late: false, to: `/survey/${h.id}` };
      case 'survey_published':
        return { about: 'survey', title, hint: t('news.survey.published'), late: false, to: `/books/survey/${h.id}` };
      case 'vote_announced':
        return { about: 'vote', title, hint: t('news.vote.announced', span(h)), late: false, to: `/votes/${h.id}` };
      case 'vote_published':
        return { about: 'vote', title, hint: t(`news.vote.${h.state as 'published'}`), late: false, to: `/votes/${h.id}` };
      case 'renovation_stage':
        return { about: 'works', title, hint: t(`news.stage.${h.state as 'proposed'}`), late: false, to: `/renovations/${h.id}` };
    }
  };
}
