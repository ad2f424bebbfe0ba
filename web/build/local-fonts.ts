import type { AcceptedPlugin } from 'postcss';

/** Takes addresses of other hosts out of @font-face: Vant's style sheet names one as a spare for its icon font. */
export function localFonts(): AcceptedPlugin {
  return {
    postcssPlugin: 'local-fonts',
    Declaration: {
      src(declaration) {
        const kept = declaration.value.split(/,(?=\s*(?:url|local)\()/).filter((source) => !/url\(["']?(?:https?:)?\/\//.test(source));
        if (kept.length > 0 && kept.join(',') !== declaration.value) declaration.value = kept.join(',');
      },
    },
  };
}
