import { VantResolver } from '@vant/auto-import-resolver';
import { defineConfig } from 'vite';

import { application } from '../build/app.ts';
import { askFirst } from '../build/ask-first.ts';
import { iconFont } from '../build/icon-font.ts';
import { serviceWorker } from '../build/service-worker.ts';

export default defineConfig(application('resident', '/', 5173, [VantResolver()], { plugins: [iconFont('resident'), askFirst('../shared/src/api/ask-first.ts'), serviceWorker('sw/sw.ts')], common: 6 }));
