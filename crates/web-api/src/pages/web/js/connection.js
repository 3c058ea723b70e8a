// The banner that says that the network is gone.

/** Shows in `banner` whether the browser is offline, from now on. */
export function watchConnection(banner) {
  const show = () => {
    banner.textContent = navigator.onLine ? "" : "인터넷에 연결되어 있지 않습니다";
    banner.classList.toggle("shown", !navigator.onLine);
  };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}
