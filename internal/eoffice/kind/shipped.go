package kind

// all are the 24 kinds.
var all = []Kind{
	{Code: "ND", Name: "Nota Dinas", Group: Internal, Layout: AsNote, Pattern: letterPattern, Series: "nota", Addressed: true, Template: `
<p>Sehubungan dengan […], bersama ini disampaikan hal-hal sebagai berikut:</p><ol><li>[…]</li><li>[…]</li></ol>
<p>Demikian disampaikan, atas perhatian Bapak/Ibu diucapkan terima kasih.</p>`},
	{Code: "MEM", Name: "Memorandum", Group: Internal, Layout: AsNote, Pattern: letterPattern, Series: "nota", Addressed: true, Template: `
<p>[…]</p><p>Agar dilaksanakan dan dilaporkan hasilnya.</p>`},
	{Code: "TS", Name: "Telaahan Staf", Group: Internal, Layout: AsNote, Pattern: letterPattern, Series: "nota", Addressed: true, Template: `
<h3>I. Persoalan</h3><p>[…]</p><h3>II. Praanggapan</h3><p>[…]</p><h3>III. Fakta yang mempengaruhi</h3><ol><li>[…]</li></ol>
<h3>IV. Analisis</h3><p>[…]</p><h3>V. Kesimpulan</h3><p>[…]</p><h3>VI. Saran</h3><ol><li>[…]</li></ol>`},
	{Code: "LAP", Name: "Laporan", Group: Internal, Layout: AsTitled, Pattern: plainPattern, Series: "laporan", Addressed: true, Template: `
<h3>I. Pendahuluan</h3><p>A. Umum: […]</p><p>B. Landasan hukum: […]</p><p>C. Maksud dan tujuan: […]</p>
<h3>II. Kegiatan yang dilaksanakan</h3><p>[…]</p><h3>III. Hasil yang dicapai</h3><p>[…]</p>
<h3>IV. Kesimpulan dan saran</h3><p>[…]</p><h3>V. Penutup</h3><p>Demikian laporan ini dibuat untuk dipergunakan sebagaimana mestinya.</p>`},
	{Code: "SD", Name: "Surat Dinas", Group: External, Layout: AsLetter, Pattern: letterPattern, Series: "surat", Addressed: true, Outside: true, Template: `
<p>Sehubungan dengan […], dengan ini disampaikan bahwa […].</p><p>Untuk itu diharapkan […].</p>
<p>Demikian disampaikan, atas perhatian dan kerja samanya diucapkan terima kasih.</p>`},
	{Code: "UND", Name: "Surat Undangan", Group: External, Layout: AsLetter, Pattern: letterPattern, Series: "surat", Addressed: true, Outside: true, Event: true, Template: `
<p>Sehubungan dengan […], dengan ini mengundang Bapak/Ibu untuk hadir pada:</p>
<table><tbody><tr><td>Hari, tanggal</td><td>[…]</td></tr><tr><td>Pukul</td><td>[…] WITA</td></tr><tr><td>Tempat</td><td>[…]</td></tr><tr><td>Acara</td><td>[…]</td></tr></tbody></table>
<p>Mengingat pentingnya acara, diharapkan hadir tepat waktu. Demikian disampaikan, atas kehadirannya diucapkan terima kasih.</p>`},
	{Code: "SPG", Name: "Surat Panggilan", Group: External, Layout: AsLetter, Pattern: letterPattern, Series: "surat", Addressed: true, Outside: true, Event: true, Template: `
<p>Dengan ini diminta kedatangan Saudara di kantor […] pada:</p>
<table><tbody><tr><td>Hari, tanggal</td><td>[…]</td></tr><tr><td>Pukul</td><td>[…] WITA</td></tr><tr><td>Tempat</td><td>[…]</td></tr><tr><td>Menghadap kepada</td><td>[…]</td></tr><tr><td>Untuk</td><td>[…]</td></tr></tbody></table>
<p>Demikian untuk dilaksanakan dan menjadi perhatian sepenuhnya.</p>`},
	{Code: "SPM", Name: "Surat Permohonan", Group: External, Layout: AsLetter, Pattern: letterPattern, Series: "surat", Addressed: true, Outside: true, Template: `
<p>Dalam rangka […], dengan ini kami mohon […].</p><p>Sebagai bahan pertimbangan terlampir […].</p>
<p>Demikian permohonan ini disampaikan, atas perkenannya diucapkan terima kasih.</p>`},
	{Code: "ST", Name: "Surat Tugas", Group: Assigning, Layout: AsTitled, Pattern: letterPattern, Series: "tugas", Leave: true, Template: `
<p>Dasar: […]</p><h3>MEMERINTAHKAN</h3><p>Kepada:</p>
<table><tbody><tr><th>No.</th><th>Nama/NIP</th><th>Pangkat/golongan</th><th>Jabatan</th></tr><tr><td>1.</td><td>[…]</td><td>[…]</td><td>[…]</td></tr></tbody></table>
<p>Untuk: […]</p><p>Waktu dan tempat: […]</p><p>Demikian surat tugas ini diberikan untuk dilaksanakan dengan penuh tanggung jawab dan melaporkan hasilnya.</p>`},
	{Code: "SPR", Name: "Surat Perintah", Group: Assigning, Layout: AsTitled, Pattern: letterPattern, Series: "tugas", Leave: true, Template: `
<p>Menimbang: […]</p><p>Dasar: […]</p><h3>MEMERINTAHKAN</h3><p>Kepada: […]</p><p>Untuk:</p><ol><li>[…]</li><li>[…]</li></ol>`},
	{Code: "INS", Name: "Instruksi", Group: Regulating, Layout: AsDecree, Pattern: decreePattern, Series: "instruksi", Template: `
<p>Dalam rangka […], dengan ini menginstruksikan:</p><p>Kepada: […]</p><p>Untuk:</p>
<p>KESATU: […]</p><p>KEDUA: […]</p><p>Instruksi ini mulai berlaku pada tanggal dikeluarkan.</p>`},
	{Code: "SE", Name: "Surat Edaran", Group: Regulating, Layout: AsDecree, Pattern: decreePattern, Series: "edaran", Addressed: true, Outside: true, Template: `
<h3>A. Latar belakang</h3><p>[…]</p><h3>B. Maksud dan tujuan</h3><p>[…]</p><h3>C. Ruang lingkup</h3><p>[…]</p>
<h3>D. Dasar</h3><ol><li>[…]</li></ol><h3>E. Isi edaran</h3><ol><li>[…]</li></ol><p>Demikian surat edaran ini untuk dilaksanakan.</p>`},
	{Code: "SOP", Name: "Standar Operasional Prosedur", Group: Regulating, Layout: AsTitled, Pattern: plainPattern, Series: "sop", KKA: "000.8.3.3", Template: `
<h3>Dasar hukum</h3><ol><li>[…]</li></ol><h3>Kualifikasi pelaksana</h3><p>[…]</p><h3>Peralatan</h3><p>[…]</p><h3>Prosedur</h3>
<table><tbody><tr><th>No.</th><th>Kegiatan</th><th>Pelaksana</th><th>Waktu</th><th>Keluaran</th></tr><tr><td>1.</td><td>[…]</td><td>[…]</td><td>[…]</td><td>[…]</td></tr></tbody></table>`},
	{Code: "PED", Name: "Pedoman", Group: Regulating, Layout: AsDecree, Pattern: decreePattern, Series: "pedoman", Template: `
<h3>BAB I PENDAHULUAN</h3><p>A. Umum: […]</p><p>B. Maksud dan tujuan: […]</p><h3>BAB II […]</h3><p>[…]</p><h3>BAB III PENUTUP</h3><p>[…]</p>`},
	{Code: "SK", Name: "Keputusan", Group: Deciding, Layout: AsDecree, Pattern: decreePattern, Series: "keputusan", Strategic: true, Template: `
<p>Menimbang:</p><ol><li>bahwa […];</li></ol><p>Mengingat:</p><ol><li>[…];</li></ol><h3>MEMUTUSKAN:</h3><p>Menetapkan:</p>
<p>KESATU: […]</p><p>KEDUA: […]</p><p>KETIGA: Keputusan ini mulai berlaku pada tanggal ditetapkan.</p>`},
	{Code: "SPJ", Name: "Surat Perjanjian", Group: Special, Layout: AsTitled, Pattern: plainPattern, Series: "perjanjian", Strategic: true, Template: `
<p>Pada hari ini […], tanggal […], bertempat di […], kami yang bertanda tangan di bawah ini:</p><ol><li>[…], selanjutnya disebut PIHAK KESATU;</li><li>[…], selanjutnya disebut PIHAK KEDUA.</li></ol>
<h3>Pasal 1 Tujuan</h3><p>[…]</p><h3>Pasal 2 Ruang lingkup</h3><p>[…]</p><h3>Pasal 3 Hak dan kewajiban</h3><p>[…]</p><h3>Pasal 4 Penutup</h3><p>[…]</p>`},
	{Code: "SKU", Name: "Surat Kuasa", Group: Special, Layout: AsTitled, Pattern: plainPattern, Series: "kuasa", Template: `
<p>Yang bertanda tangan di bawah ini, […], memberi kuasa kepada:</p><table><tbody><tr><td>Nama</td><td>[…]</td></tr><tr><td>NIP</td><td>[…]</td></tr><tr><td>Jabatan</td><td>[…]</td></tr></tbody></table><p>untuk […].</p>
<p>Demikian surat kuasa ini dibuat untuk dipergunakan sebagaimana mestinya.</p>`},
	{Code: "BA", Name: "Berita Acara", Group: Special, Layout: AsTitled, Pattern: plainPattern, Series: "berita-acara", Template: `
<p>Pada hari ini […], tanggal […], bulan […], tahun […], kami masing-masing:</p><ol><li>[…]</li><li>[…]</li></ol><p>telah melaksanakan […].</p>
<p>Demikian berita acara ini dibuat dengan sesungguhnya.</p>`},
	{Code: "SKT", Name: "Surat Keterangan", Group: Special, Layout: AsTitled, Pattern: letterPattern, Series: "keterangan", Template: `
<p>Yang bertanda tangan di bawah ini menerangkan bahwa:</p><table><tbody><tr><td>Nama</td><td>[…]</td></tr><tr><td>NIP</td><td>[…]</td></tr><tr><td>Jabatan</td><td>[…]</td></tr></tbody></table><p>[…]</p>
<p>Demikian surat keterangan ini dibuat untuk dipergunakan seperlunya.</p>`},
	{Code: "SPN", Name: "Surat Pengantar", Group: Special, Layout: AsLetter, Pattern: letterPattern, Series: "surat", Addressed: true, Outside: true, Template: `
<table><tbody><tr><th>No.</th><th>Yang dikirimkan</th><th>Banyaknya</th><th>Keterangan</th></tr><tr><td>1.</td><td>[…]</td><td>[…]</td><td>[…]</td></tr></tbody></table>`},
	{Code: "PGM", Name: "Pengumuman", Group: Special, Layout: AsDecree, Pattern: decreePattern, Series: "pengumuman", Outside: true, Template: `
<p>[…]</p><p>Demikian pengumuman ini untuk diketahui.</p>`},
	{Code: "NOT", Name: "Notula", Group: Special, Layout: AsTitled, Pattern: plainPattern, Series: "notula", Template: `
<table><tbody><tr><td>Rapat</td><td>[…]</td></tr><tr><td>Hari, tanggal</td><td>[…]</td></tr><tr><td>Pukul</td><td>[…] WITA</td></tr><tr><td>Pimpinan rapat</td><td>[…]</td></tr><tr><td>Peserta</td><td>[…]</td></tr></tbody></table>
<h3>Pembahasan</h3><ol><li>[…]</li></ol><h3>Keputusan</h3><ol><li>[…]</li></ol>`},
	{Code: "SPMT", Name: "Surat Pernyataan Melaksanakan Tugas", Group: Special, Layout: AsTitled, Pattern: letterPattern, Series: "keterangan", Strategic: true, Template: `
<p>Yang bertanda tangan di bawah ini menyatakan dengan sesungguhnya bahwa:</p><table><tbody><tr><td>Nama</td><td>[…]</td></tr><tr><td>NIP</td><td>[…]</td></tr><tr><td>Jabatan</td><td>[…]</td></tr></tbody></table>
<p>berdasarkan […] terhitung mulai tanggal […] telah nyata melaksanakan tugas sebagai […].</p>`},
	{Code: "REK", Name: "Surat Rekomendasi", Group: Special, Layout: AsTitled, Pattern: letterPattern, Series: "rekomendasi", Outside: true, Template: `
<p>Berdasarkan […], dengan ini memberikan rekomendasi kepada:</p><table><tbody><tr><td>Nama</td><td>[…]</td></tr><tr><td>Alamat</td><td>[…]</td></tr></tbody></table><p>untuk […].</p>
<p>Demikian rekomendasi ini dibuat untuk dipergunakan sebagaimana mestinya.</p>`},
}
