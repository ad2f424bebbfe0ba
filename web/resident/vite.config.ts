import { VantResolver } from '@vant/auto-import-resolver';
import { defineConfig } from 'vite';

import { application } from '../build/app.ts';

export default defineConfig(application('resident', '/', 5173, [VantResolver()]));
