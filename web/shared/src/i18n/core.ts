import { useTexts } from './i18n';
import type zh from './zh-CN';

export type CoreMessages = typeof zh;

/** The shared texts, for parts that both applications use. */
export const useCore = () => useTexts<CoreMessages>();
