import { ElementPlusResolver } from 'unplugin-vue-components/resolvers';
import { defineConfig } from 'vite';

import { application } from '../build/app.ts';

export default defineConfig(application('desk', '/desk/', 5174, ElementPlusResolver({ importStyle: 'css' })));
