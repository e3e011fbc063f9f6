// "Terdekat dari saya" asks for the place only when it is pressed.
const button = document.querySelector("[data-near]");
if (button && "geolocation" in navigator) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => location.assign(`/puskesmas?lat=${coords.latitude.toFixed(4)}&lng=${coords.longitude.toFixed(4)}`),
      () => { button.textContent = "Lokasi tidak didapat. Cari dengan nama, ya."; },
      { maximumAge: 600000, timeout: 10000 },
    );
  });
}
