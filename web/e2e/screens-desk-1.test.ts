import { lookAt } from './harness/look.ts';

lookAt('desk', 1, 2);
