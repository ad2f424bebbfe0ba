import { lookAt } from './harness/look.ts';

lookAt('desk', 2, 2);
