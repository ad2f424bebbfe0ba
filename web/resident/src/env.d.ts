/// <reference types="vite/client" />
import 'vue-router';

declare module 'vue-router' {
  interface RouteMeta {
    /** May be seen without a log-in. */
    public?: boolean;
    /** Key of the page's name, for the window's title and the header. */
    title?: string;
    /** Permissions of which any one lets a person see the page. The server decides; this only tidies. */
    any?: string[];
    /** Asks for a log-in of one's own: who came in through another app is told so in the page's place. */
    own?: boolean;
    /** Is about one's home: who has none, nor a post, is told in its place how to join one. */
    home?: boolean;
    /** Stands alone, without the application's frame. */
    bare?: boolean;
  }
}
