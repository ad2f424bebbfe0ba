import { ElementPlusResolver } from 'unplugin-vue-components/resolvers';
import { defineConfig } from 'vite';

import { application } from '../build/app.ts';
import { quietIcons } from '../build/quiet-icons.ts';

export default defineConfig(application('desk', '/desk/', 5174, ElementPlusResolver({ importStyle: 'css' }), { plugins: [quietIcons()] }));
