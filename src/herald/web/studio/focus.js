// Keep the keyboard focus. When the focused element is removed or disabled, browsers lose the focus, and the next press of
// the Tab key would start at the top of the page.
const FOCUSABLE = "button:enabled, input:enabled, select:enabled, textarea:enabled, a[href], summary, [tabindex]";

function useKeptFocus(main) {
  useEffect(() => {
    let last = null;
    let around = []; // its ancestors, innermost first; a table is too large to start again at its top
    let before = []; // what precedes it
    const note = ({ target }) => {
      last = target;
      const all = [...main.current.querySelectorAll(FOCUSABLE)];
      before = all.slice(0, Math.max(0, all.indexOf(target))).reverse();
      around = [];
      for (let one = target.parentElement; one && one !== main.current; one = one.parentElement) around.push(one);
      if (target.closest(".table")) around = [];
    };
    const forget = () => (last = null); // a pointer may take the focus away
    const restore = () => {
      if (!last || !document.hasFocus() || document.activeElement !== document.body) return;
      if (last.isConnected) return last.disabled || last.focus();
      const inside = around.filter((one) => one.isConnected).map((one) => one.querySelector(FOCUSABLE));
      const nearest = [...inside, ...before, main.current.querySelector("h1")].find((one) => one && one.isConnected && !one.disabled);
      nearest.focus();
    };
    const observer = new MutationObserver(restore);
    observer.observe(main.current, { childList: true, subtree: true, attributeFilter: ["disabled"] });
    document.addEventListener("focusin", note);
    document.addEventListener("pointerdown", forget);
    return () => {
      observer.disconnect();
      document.removeEventListener("focusin", note);
      document.removeEventListener("pointerdown", forget);
    };
  }, []);
}
