import { ElMessageBox } from 'element-plus/es/components/message-box/index';
import 'element-plus/es/components/message-box/style/css';
import { onBeforeUnmount, onMounted } from 'vue';
import { onBeforeRouteLeave } from 'vue-router';

import { useT } from '@/texts';

/** Asks before a long form is left with what was typed in it, by a link here or by closing the window. `saved` is called once it is safe. */
export function useLeaving(values: object): { saved(): void } {
  const t = useT();
  let before = JSON.stringify(values);
  const unsaved = () => JSON.stringify(values) !== before;
  const closing = (event: BeforeUnloadEvent) => { if (unsaved()) event.preventDefault(); };
  onMounted(() => addEventListener('beforeunload', closing));
  onBeforeUnmount(() => removeEventListener('beforeunload', closing));
  onBeforeRouteLeave(async () => {
    if (!unsaved()) return true;
    return ElMessageBox.confirm(t('shell.leaving.will'), t('shell.leaving.title'), { confirmButtonText: t('shell.leaving.leave'), cancelButtonText: t('shell.leaving.stay'), type: 'warning' }).then(() => true, () => false);
  });
  return { saved: () => { before = JSON.stringify(values); } };
}
