import { ElMessageBox } from 'element-plus/es/components/message-box/index';
import 'element-plus/es/components/message-box/style/css';
import { onBeforeUnmount, onMounted } from 'vue';
import { onBeforeRouteLeave } from 'vue-router';

import { useSession } from '@redproperty/shared/session/session';

import { useT } from '@/texts';

/** What a long form tells of itself. */
export interface Leaving {
  /** What is typed is safe from now on. */
  saved(): void;
  /** Makes a change of the page's own, such as a choice that is proposed: it does not count as typed. */
  propose(change: () => void): void;
}

/** Asks for the form that is open, if one is. */
let asking: (() => Promise<boolean>) | undefined;

/** Whether what is typed may be left by another way than a link, such as logging out; asks where something would be lost. */
export function mayLeave(): Promise<boolean> {
  return asking?.() ?? Promise.resolve(true);
}

/** Asks before a long form is left with what was typed in it: by a link here, by going back, by logging out or by closing the window. */
export function useLeaving(values: object): Leaving {
  const t = useT();
  const session = useSession();
  let before = JSON.stringify(values);
  // Who is no longer logged in keeps no page: the next person would send what this one typed.
  const unsaved = () => session.state === 'in' && JSON.stringify(values) !== before;
  const closing = (event: BeforeUnloadEvent) => { if (unsaved()) event.preventDefault(); };
  async function ask(): Promise<boolean> {
    if (!unsaved()) return true;
    return ElMessageBox.confirm(t('shell.leaving.will'), t('shell.leaving.title'), { confirmButtonText: t('shell.leaving.leave'), cancelButtonText: t('shell.leaving.stay'), type: 'warning' }).then(() => true, () => false);
  }
  function saved(): void {
    before = JSON.stringify(values);
  }
  onMounted(() => {
    addEventListener('beforeunload', closing);
    asking = ask;
  });
  onBeforeUnmount(() => {
    removeEventListener('beforeunload', closing);
    if (asking === ask) asking = undefined;
  });
  onBeforeRouteLeave(ask);
  return {
    saved,
    propose(change) {
      const typed = unsaved();
      change();
      if (!typed) saved();
    },
  };
}
