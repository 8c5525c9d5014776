/** A stand-in for a browser page: just the parts of `window` and `document` that the SDK touches. */

class FakeElement extends EventTarget {
  constructor(page, tag) {
    super();
    Object.assign(this, { page, tag, style: {}, children: [] });
    this.contentWindow =
      tag === "iframe"
        ? {
            sent: [],
            postMessage(message, origin) {
              this.sent.push({ message, origin });
            },
          }
        : undefined;
  }

  appendChild(child) {
    this.children.push(child);
    child.parent = this;
  }

  remove() {
    this.parent.children = this.parent.children.filter((child) => child !== this);
  }
}

export const installPage = ({ blocked = false } = {}) => {
  const page = new EventTarget();
  const counts = { listeners: 0, elements: 0 };
  const add = page.addEventListener.bind(page);
  const remove = page.removeEventListener.bind(page);
  page.addEventListener = (...values) => {
    counts.listeners += 1;
    add(...values);
  };
  page.removeEventListener = (...values) => {
    counts.listeners -= 1;
    remove(...values);
  };
  const body = new FakeElement(page, "body");
  page.document = {
    body,
    createElement: (tag) => {
      counts.elements += 1;
      return new FakeElement(page, tag);
    },
    getElementById: () => null,
  };
  page.popups = [];
  page.blocked = blocked;
  page.open = (url, name, features) => {
    if (page.blocked) return null;
    const popup = {
      url,
      name,
      features,
      closed: false,
      sent: [],
      close() {
        this.closed = true;
      },
      postMessage(message, origin) {
        this.sent.push({ message, origin });
      },
    };
    page.popups.push(popup);
    return popup;
  };
  page.counts = counts;
  page.say = (source, origin, data) => page.dispatchEvent(Object.assign(new Event("message"), { source, origin, data }));
  page.frame = () => body.children.find((child) => child.tag === "iframe");
  globalThis.window = page;
  globalThis.document = page.document;
  globalThis.location = { origin: "https://app.example.com" };
  return page;
};
