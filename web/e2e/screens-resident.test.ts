import { lookAt } from './harness/look.ts';

lookAt('resident');
