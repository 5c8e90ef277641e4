// What makes the page handier: find, filter, sort, theme, print, links, pictures as files. Everything is readable without it.
(() => {
  'use strict';
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const one = (selector, inside = document) => inside.querySelector(selector);
  const plain = text => text.normalize('NFKC').toLowerCase();
  all('.tools').forEach(tool => { tool.hidden = false; });

  // Find, in the table and in the ledger: a row, a card and an entry of the contents belong together by data-item.
  const finders = new Map(all('[role=search]').map(tools => [tools, finder(tools)]));
  function finder(tools) {
    const section = tools.closest('section'), rows = all('tr[data-item]', section), parts = new Map(rows.map(row => [row.dataset.item, []]));
    all('[data-item]').forEach(part => parts.get(part.dataset.item)?.push(part));
    const texts = new Map(rows.map(row => [row, plain(parts.get(row.dataset.item).map(part => part.textContent).join(' '))]));
    const search = one('input', tools), filters = all('[data-filter]', tools), shown = one('[role=status]', section);
    const folds = all('details', section).filter(fold => one('tr[data-item]', fold)), opened = folds.map(fold => fold.open);
    let narrowed = false;

    function find() {
      const words = plain(search.value).split(/\s+/).filter(Boolean), before = narrowed;
      let n = 0;
      for (const row of rows) {
        const fits = filters.every(filter => !filter.value || row.dataset[filter.dataset.filter] === filter.value) && words.every(word => texts.get(row).includes(word));
        parts.get(row.dataset.item).forEach(part => { part.hidden = !fits; });
        n += fits;
      }
      narrowed = n < rows.length;
      shown.textContent = shown.dataset.words.replace('{n}', n).replace('{N}', rows.length);
      shown.hidden = !narrowed;
      folds.forEach((fold, k) => {  // a chapter with a hit is open, one without is not there
        fold.hidden = all('tr[data-item]', fold).every(row => row.hidden);
        if (narrowed || before) fold.open = narrowed ? !fold.hidden : opened[k];
      });
      group(section);
    }
    search.addEventListener('input', find);
    filters.forEach(filter => filter.addEventListener('change', find));
    return find;
  }
  // What is searched, filtered and sorted by stands in the address, so that a view can be passed on: #table?status=behind&sort=-3
  const fields = tools => all('input, select', tools), named = field => field.dataset.filter ?? (field.id === 'sort' ? 'sort' : 'q');
  function set(tools, value) {
    fields(tools).forEach(field => { field.value = value(named(field)) ?? ''; if (field.selectedIndex === -1) field.value = ''; });
    finders.get(tools)();
    sort();
  }
  const reset = tools => set(tools, () => '');
  finders.forEach((_, tools) => {
    const note = () => {
      const query = new URLSearchParams(fields(tools).filter(field => field.value).map(field => [named(field), field.value]));
      history.replaceState(null, '', `#${tools.closest('section').id}${`${query}` && '?'}${query}`);
    };
    ['input', 'change'].forEach(happens => tools.addEventListener(happens, note));
    one('[data-do=reset]', tools).addEventListener('click', () => { reset(tools); note(); });
  });
  function restore() {
    const [place, query] = location.hash.slice(1).split('?'), tools = query && one('[role=search]', document.getElementById(place) ?? document.head);
    if (!tools) return;
    const asked = new URLSearchParams(query);
    set(tools, name => asked.get(name));
    tools.scrollIntoView();
  }

  // Sort: a button in each heading whose values can be compared, and a list of the same for narrow screens.
  const body = one('#table tbody'), original = [...body.children], order = one('#sort');
  const heads = all('#table th[data-sort]'), language = document.documentElement.lang;
  for (const head of heads) {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    const words = button.textContent;
    for (const [way, sign] of [['', '↑'], ['-', '↓']]) order.add(new Option(`${words} ${sign}`, way + head.dataset.sort));
    button.addEventListener('click', () => {
      order.value = order.value === head.dataset.sort ? '-' + head.dataset.sort : order.value === '-' + head.dataset.sort ? '' : head.dataset.sort;
      order.dispatchEvent(new Event('change', { bubbles: true }));
    });
  }
  order.addEventListener('change', sort);

  function sort() {
    const column = order.value.replace('-', ''), way = order.value.startsWith('-') ? -1 : 1;
    const value = row => row.children[column].dataset.v;
    heads.forEach(head => head.setAttribute('aria-sort', head.dataset.sort !== column ? 'none' : way > 0 ? 'ascending' : 'descending'));
    const compare = (a, b) => {
      const [x, y] = [value(a), value(b)];
      if (x === '' || y === '') return (x === '') - (y === '');  // what has no value comes last, both ways
      return way * (column === '0' ? x.localeCompare(y, language) : x - y);
    };
    body.append(...(column ? [...original.filter(row => !row.dataset.item), ...original.filter(row => row.dataset.item).sort(compare)] : original));
    group(one('#table'));
  }
  // The heading of a group stands above its rows; where they are sorted or all hidden it stands nowhere.
  function group(section) {
    all('tbody', section).forEach(part => {
      const listed = part === body ? original : [...part.children];
      listed.forEach((row, k) => {
        if (row.dataset.item || !row.classList.contains('group')) return;
        let mine = [];
        for (let next = k + 1; listed[next]?.dataset.item; next++) mine.push(listed[next]);
        row.hidden = (part === body && order.value !== '') || mine.every(each => each.hidden);
      });
    });
  }
  sort();
  restore();

  // A link leads to its card or row even where a filter hides it or its chapter is closed.
  addEventListener('hashchange', () => {
    restore();
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.hidden) { finders.forEach((_, tools) => reset(tools)); target.scrollIntoView(); }
    const fold = target?.closest('details');
    if (fold && !fold.open) { fold.open = true; target.scrollIntoView(); }
  });
  all('.permalink').forEach(link => link.addEventListener('click', async () => {
    try { await navigator.clipboard.writeText(link.href); } catch { return; }  // the address bar has it all the same
    link.textContent = link.dataset.done;
    setTimeout(() => { link.textContent = '#'; }, 1500);
  }));

  // Theme: the rule of the dark one holds as the system wants it, always, or never.
  const rules = [...document.styleSheets[0].cssRules], dark = rules.find(rule => rule.media?.mediaText.includes('prefers-color-scheme'));
  const system = dark.media.mediaText, theme = one('#theme'), KEY = 'plan-assessment-theme';
  const paint = () => { dark.media.mediaText = { light: 'not all', dark: 'screen' }[theme.value] ?? system; };
  try { theme.value = localStorage.getItem(KEY) ?? ''; } catch { /* a page opened from a file may have no storage */ }
  paint();
  theme.addEventListener('change', () => {
    paint();
    try { localStorage.setItem(KEY, theme.value); } catch { /* it holds for this visit */ }
  });

  // Open, close, print. What is printed is open, whatever the browser; afterwards it is as it was.
  const folds = all('main details:not(.code)');
  const acts = { open: () => folds.forEach(fold => { fold.open = true; }), close: () => folds.forEach(fold => { fold.open = false; }), print: () => print() };
  all('[data-do]').forEach(button => acts[button.dataset.do] && button.addEventListener('click', acts[button.dataset.do]));
  let closed = [];
  addEventListener('beforeprint', () => { closed = folds.filter(fold => !fold.open); acts.open(); });
  addEventListener('afterprint', () => closed.forEach(fold => { fold.open = false; }));

  // Pictures as files: in the light theme's colours, with the page's font inside, so that any program shows them alike.
  const face = rules.find(rule => rule instanceof CSSFontFaceRule).cssText;
  const light = rules.find(rule => rule.selectorText === ':root').style;
  function picture(svg) {
    const copy = svg.cloneNode(true), { width, height } = svg.viewBox.baseVal, style = document.createElementNS(svg.namespaceURI, 'style');
    style.textContent = face + 'svg{stroke-linejoin:round;stroke-linecap:butt;font-family:"Plan Assessment Sans"}';
    copy.prepend(style);
    for (const [name, value] of [['width', width], ['height', height]]) copy.setAttribute(name, value);
    return new XMLSerializer().serializeToString(copy).replace(/var\((--[\w-]+)\)/g, (_, name) => light.getPropertyValue(name).trim());
  }
  function save(blob, name) {
    const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
  const saveAs = {
    svg: (text, name) => save(new Blob([text], { type: 'image/svg+xml' }), name),
    png: async (text, name) => {
      const image = new Image(), sharp = 2;
      image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(text);
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: image.width * sharp, height: image.height * sharp });
      canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(blob => save(blob, name), 'image/png');
    },
  };
  all('[data-save]').forEach(button => button.addEventListener('click', () => {
    saveAs[button.dataset.save](picture(one('svg', button.closest('figure'))), `${button.dataset.name}.${button.dataset.save}`);
  }));
})();
