import { ElMessage } from 'element-plus/es/components/message/index';
import 'element-plus/es/components/message/style/css';

/** Says a sentence at the top of the window that asks for attention and goes by itself: for the shell, which loads it when it is needed. */
export const warn = (words: string): void => void ElMessage.warning({ message: words, duration: 8000, showClose: true });
