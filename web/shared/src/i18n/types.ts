/** A tree of messages. */
export interface Tree {
  [key: string]: string | Tree;
}

/** The shape of a translation: exactly the keys of the original, every leaf a sentence. */
export type Translation<T> = { [K in keyof T]: T[K] extends string ? string : Translation<T[K]> };

/** Every key of a tree, as "orders.list.title". */
export type Key<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Key<T[K]>}` }[keyof T & string];

export type Locale = 'zh-CN' | 'en';
export const locales: readonly Locale[] = ['zh-CN', 'en'];
