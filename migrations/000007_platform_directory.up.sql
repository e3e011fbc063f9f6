-- The directory as it is on the first day. It is the city's from here on: later
-- migrations do not touch these rows.
-- Codes and names of kecamatan and kelurahan: Kepmendagri 300.2.2-2138/2025;
-- work units and health centres: public knowledge, to be confirmed by the city.

INSERT INTO org_unit (parent_id, kind, code, name, short_name, lat, lng) VALUES
    (NULL, 'kota', '73.71', 'Pemerintah Kota Makassar', 'Kota Makassar', -5.1354, 119.4238);

INSERT INTO org_unit (parent_id, kind, code, name, short_name)
SELECT city.id, v.kind, v.code, v.name, v.short_name FROM org_unit city, (VALUES
    ('sekretariat', 'SETDA', 'Sekretariat Daerah', 'Setda'),
    ('sekretariat', 'SETWAN', 'Sekretariat DPRD', 'Setwan'),
    ('inspektorat', 'INSP', 'Inspektorat Daerah', 'Inspektorat'),
    ('dinas', 'DISDIK', 'Dinas Pendidikan', 'Disdik'),
    ('dinas', 'DINKES', 'Dinas Kesehatan', 'Dinkes'),
    ('dinas', 'DPU', 'Dinas Pekerjaan Umum', 'Dinas PU'),
    ('dinas', 'DTR', 'Dinas Penataan Ruang', 'Distaru'),
    ('dinas', 'DPKP', 'Dinas Perumahan dan Kawasan Permukiman', 'Disperkim'),
    ('dinas', 'SATPOL', 'Satuan Polisi Pamong Praja', 'Satpol PP'),
    ('dinas', 'DAMKAR', 'Dinas Pemadam Kebakaran dan Penyelamatan', 'Damkarmat'),
    ('badan', 'BPBD', 'Badan Penanggulangan Bencana Daerah', 'BPBD'),
    ('dinas', 'DINSOS', 'Dinas Sosial', 'Dinsos'),
    ('dinas', 'DISNAKER', 'Dinas Ketenagakerjaan', 'Disnaker'),
    ('dinas', 'DP3A', 'Dinas Pemberdayaan Perempuan dan Perlindungan Anak', 'DP3A'),
    ('dinas', 'DKP', 'Dinas Ketahanan Pangan', 'DKP'),
    ('dinas', 'DISTAN', 'Dinas Pertanahan', 'Distanah'),
    ('dinas', 'DLH', 'Dinas Lingkungan Hidup', 'DLH'),
    ('dinas', 'DUKCAPIL', 'Dinas Kependudukan dan Pencatatan Sipil', 'Disdukcapil'),
    ('dinas', 'DPPKB', 'Dinas Pengendalian Penduduk dan Keluarga Berencana', 'DPPKB'),
    ('dinas', 'DISHUB', 'Dinas Perhubungan', 'Dishub'),
    ('dinas', 'KOMINFO', 'Dinas Komunikasi dan Informatika', 'Diskominfo'),
    ('dinas', 'DISKOP', 'Dinas Koperasi dan Usaha Kecil Menengah', 'Diskop UKM'),
    ('dinas', 'DPMPTSP', 'Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu', 'DPMPTSP'),
    ('dinas', 'DISPORA', 'Dinas Pemuda dan Olahraga', 'Dispora'),
    ('dinas', 'DISBUD', 'Dinas Kebudayaan', 'Disbud'),
    ('dinas', 'DISPUS', 'Dinas Perpustakaan', 'Dispus'),
    ('dinas', 'DISSIP', 'Dinas Kearsipan', 'Disarsip'),
    ('dinas', 'DP2', 'Dinas Perikanan dan Pertanian', 'DP2'),
    ('dinas', 'DISPAR', 'Dinas Pariwisata', 'Dispar'),
    ('dinas', 'DISDAG', 'Dinas Perdagangan', 'Disdag'),
    ('badan', 'BAPPEDA', 'Badan Perencanaan Pembangunan Daerah', 'Bappeda'),
    ('badan', 'BPKAD', 'Badan Pengelola Keuangan dan Aset Daerah', 'BPKAD'),
    ('badan', 'BAPENDA', 'Badan Pendapatan Daerah', 'Bapenda'),
    ('badan', 'BKPSDM', 'Badan Kepegawaian dan Pengembangan Sumber Daya Manusia', 'BKPSDM'),
    ('badan', 'BRIDA', 'Badan Riset dan Inovasi Daerah', 'BRIDA'),
    ('badan', 'KESBANG', 'Badan Kesatuan Bangsa dan Politik', 'Kesbangpol'),
    ('rsud', 'RSUD', 'RSUD Daya Kota Makassar', 'RSUD Daya'),
    ('bumd', 'PDAM', 'Perumda Air Minum Kota Makassar', 'PDAM'),
    ('bumd', 'PARKIR', 'Perumda Parkir Makassar Raya', 'PD Parkir'),
    ('bumd', 'PASAR', 'Perumda Pasar Makassar Raya', 'PD Pasar')
) v (kind, code, name, short_name) WHERE city.code = '73.71';

INSERT INTO org_unit (parent_id, kind, code, name, short_name, lat, lng)
SELECT city.id, 'kecamatan', v.code, 'Kecamatan ' || v.name, v.name, v.lat, v.lng FROM org_unit city, (VALUES
    ('73.71.01', 'Mariso', -5.15826, 119.40912),
    ('73.71.02', 'Mamajang', -5.16380, 119.41660),
    ('73.71.03', 'Makassar', -5.14249, 119.42655),
    ('73.71.04', 'Ujung Pandang', -5.14003, 119.41071),
    ('73.71.05', 'Wajo', -5.12393, 119.41243),
    ('73.71.06', 'Bontoala', -5.12887, 119.42257),
    ('73.71.07', 'Tallo', -5.12004, 119.43557),
    ('73.71.08', 'Ujung Tanah', -5.11399, 119.42059),
    ('73.71.09', 'Panakkukang', -5.14376, 119.44934),
    ('73.71.10', 'Tamalate', -5.18003, 119.41532),
    ('73.71.11', 'Biringkanaya', -5.10046, 119.51704),
    ('73.71.12', 'Manggala', -5.16772, 119.48047),
    ('73.71.13', 'Rappocini', -5.16802, 119.44258),
    ('73.71.14', 'Tamalanrea', -5.12041, 119.49021),
    ('73.71.15', 'Kepulauan Sangkarrang', -5.07144, 119.24443)
) v (code, name, lat, lng) WHERE city.code = '73.71';

-- The kecamatan's code is the first eight characters of the kelurahan's. The
-- islands of Kepulauan Sangkarrang (73.71.15) are chosen by name.
INSERT INTO org_unit (parent_id, kind, code, name, short_name, lat, lng, by_name_only)
SELECT k.id, 'kelurahan', v.code, 'Kelurahan ' || v.name, v.name, v.lat, v.lng, k.code = '73.71.15' FROM (VALUES
    ('73.71.01.1001', 'Bontorannu', -5.16218, 119.40425),
    ('73.71.01.1002', 'Mattoangin', -5.15801, 119.40551),
    ('73.71.01.1003', 'Kunjung Mae', -5.15017, 119.41197),
    ('73.71.01.1004', 'Lette', -5.15662, 119.40846),
    ('73.71.01.1005', 'Panambungan', -5.15366, 119.40989),
    ('73.71.01.1006', 'Mariso', -5.15906, 119.40966),
    ('73.71.01.1007', 'Mario', -5.1581, 119.41525),
    ('73.71.01.1008', 'Kampung Buyang', -5.15995, 119.40816),
    ('73.71.01.1009', 'Tamarunang', -5.16658, 119.40892),
    ('73.71.02.1001', 'Sambung Jawa', -5.17334, 119.40718),
    ('73.71.02.1002', 'Parang', -5.16482, 119.41717),
    ('73.71.02.1003', 'Mamajang Luar', -5.15469, 119.4183),
    ('73.71.02.1004', 'Mamajang Dalam', -5.16164, 119.42132),
    ('73.71.02.1005', 'Maricaya Selatan', -5.15409, 119.42274),
    ('73.71.02.1006', 'Bonto Lebang', -5.16553, 119.42121),
    ('73.71.02.1007', 'Pa''Batang', -5.16306, 119.41452),
    ('73.71.02.1008', 'Bonto Biraeng', -5.1583, 119.41857),
    ('73.71.02.1009', 'Labuang Baji', -5.16189, 119.41871),
    ('73.71.02.1010', 'Mandala', -5.1578, 119.42276),
    ('73.71.02.1011', 'Tamparang Keke', -5.16904, 119.40991),
    ('73.71.02.1012', 'Baji Mappakasunggu', -5.16917, 119.41231),
    ('73.71.02.1013', 'Karang Anyar', -5.17601, 119.41107),
    ('73.71.03.1001', 'Maricaya', -5.1502, 119.42152),
    ('73.71.03.1002', 'Bara Baraya', -5.14403, 119.42881),
    ('73.71.03.1003', 'Maradekaya', -5.14327, 119.42385),
    ('73.71.03.1004', 'Lariangbangi', -5.13764, 119.4208),
    ('73.71.03.1005', 'Maccini', -5.13679, 119.43034),
    ('73.71.03.1006', 'Maricaya Baru', -5.14805, 119.42293),
    ('73.71.03.1007', 'Bara Baraya Timur', -5.14419, 119.43298),
    ('73.71.03.1008', 'Bara Baraya Selatan', -5.14696, 119.42837),
    ('73.71.03.1009', 'Maradekaya Selatan', -5.14553, 119.42372),
    ('73.71.03.1010', 'Barana', -5.13758, 119.42436),
    ('73.71.03.1011', 'Maccini Parang', -5.13994, 119.43224),
    ('73.71.03.1012', 'Maccini Gusung', -5.13769, 119.4272),
    ('73.71.03.1013', 'Maradekaya Utara', -5.14128, 119.42456),
    ('73.71.03.1014', 'Bara Baraya Utara', -5.1417, 119.42997),
    ('73.71.04.1001', 'Maloku', -5.14172, 119.40888),
    ('73.71.04.1002', 'Mangkura', -5.14816, 119.41597),
    ('73.71.04.1003', 'Pisang Selatan', -5.14373, 119.41897),
    ('73.71.04.1004', 'Pisang Utara', -5.13567, 119.41579),
    ('73.71.04.1005', 'Baru', -5.13606, 119.41078),
    ('73.71.04.1006', 'Bulogading', -5.13523, 119.40573),
    ('73.71.04.1007', 'Lae-Lae', -5.13159, 119.38768),
    ('73.71.04.1008', 'Losari', -5.14606, 119.41064),
    ('73.71.04.1009', 'Sawerigading', -5.14181, 119.41393),
    ('73.71.04.1010', 'Lajangiru', -5.14028, 119.4187),
    ('73.71.05.1001', 'Pattunuang', -5.1307, 119.40963),
    ('73.71.05.1002', 'Melayu', -5.12479, 119.41569),
    ('73.71.05.1003', 'Butung', -5.1231, 119.41032),
    ('73.71.05.1004', 'Malimongan Tua', -5.11955, 119.41616),
    ('73.71.05.1005', 'Ende', -5.12835, 119.41228),
    ('73.71.05.1006', 'Mampu', -5.1198, 119.41103),
    ('73.71.05.1007', 'Malimongan', -5.11931, 119.41397),
    ('73.71.05.1008', 'Melayu Baru', -5.12587, 119.41037),
    ('73.71.06.1001', 'Malimongan Baru', -5.13334, 119.42946),
    ('73.71.06.1002', 'Wajo Baru', -5.13276, 119.4229),
    ('73.71.06.1003', 'Gaddong', -5.1328, 119.41905),
    ('73.71.06.1004', 'Bontoala', -5.12969, 119.42082),
    ('73.71.06.1005', 'Baraya', -5.12895, 119.42424),
    ('73.71.06.1006', 'Layang', -5.12086, 119.42135),
    ('73.71.06.1007', 'Parang Layang', -5.12319, 119.419),
    ('73.71.06.1008', 'Bontoala Tua', -5.12746, 119.42081),
    ('73.71.06.1009', 'Bontoala Parang', -5.12836, 119.41743),
    ('73.71.06.1010', 'Tompo Balang', -5.13352, 119.42594),
    ('73.71.06.1011', 'Bunga Ejaya', -5.12505, 119.42126),
    ('73.71.06.1012', 'Timungan Lompoa', -5.13051, 119.42862),
    ('73.71.07.1001', 'Pannampu', -5.11534, 119.42603),
    ('73.71.07.1002', 'Kalukuang', -5.12635, 119.42961),
    ('73.71.07.1003', 'Kaluku Bodoa', -5.11339, 119.43481),
    ('73.71.07.1004', 'Rappojawa', -5.12513, 119.43665),
    ('73.71.07.1005', 'Rappokalling', -5.12491, 119.44156),
    ('73.71.07.1006', 'Lakkang', -5.12049, 119.46177),
    ('73.71.07.1007', 'Tallo', -5.10342, 119.444),
    ('73.71.07.1008', 'La''Latang', -5.12743, 119.43218),
    ('73.71.07.1009', 'Wala-Walaya', -5.12241, 119.43757),
    ('73.71.07.1010', 'Tammua', -5.12838, 119.43943),
    ('73.71.07.1011', 'Buloa', -5.10703, 119.43447),
    ('73.71.07.1012', 'Suangga', -5.12056, 119.43097),
    ('73.71.07.1013', 'Ujung Pandang Baru', -5.11963, 119.43516),
    ('73.71.07.1014', 'Lembo', -5.12254, 119.42606),
    ('73.71.07.1015', 'Bunga Eja Beru', -5.12364, 119.42335),
    ('73.71.08.1002', 'Tabaringan', -5.11901, 119.41894),
    ('73.71.08.1003', 'Patingalloang', -5.11397, 119.42174),
    ('73.71.08.1004', 'Gusung', -5.11169, 119.42092),
    ('73.71.08.1005', 'Cambaya', -5.11089, 119.42615),
    ('73.71.08.1006', 'Ujung Tanah', -5.11578, 119.41055),
    ('73.71.08.1009', 'Totaka', -5.11532, 119.41887),
    ('73.71.08.1010', 'Tamalabba', -5.11411, 119.41464),
    ('73.71.08.1011', 'Camba Berua', -5.11158, 119.42939),
    ('73.71.08.1012', 'Patingalloang Baru', -5.1136, 119.42411),
    ('73.71.09.1001', 'Karuwisi', -5.14084, 119.43615),
    ('73.71.09.1002', 'Panaikang', -5.13737, 119.46214),
    ('73.71.09.1003', 'Tello Baru', -5.14781, 119.47283),
    ('73.71.09.1004', 'Pampang', -5.1296, 119.45333),
    ('73.71.09.1005', 'Karampuang', -5.14529, 119.45136),
    ('73.71.09.1006', 'Tamamaung', -5.14549, 119.44229),
    ('73.71.09.1007', 'Masale', -5.15398, 119.44216),
    ('73.71.09.1008', 'Pandang', -5.15556, 119.4508),
    ('73.71.09.1009', 'Karuwisi Utara', -5.13303, 119.43652),
    ('73.71.09.1010', 'Sinrijala', -5.13832, 119.4384),
    ('73.71.09.1011', 'Paropo', -5.15402, 119.45672),
    ('73.71.10.1001', 'Barombong', -5.20859, 119.39606),
    ('73.71.10.1002', 'Maccini Sombala', -5.16021, 119.39852),
    ('73.71.10.1003', 'Jongaya', -5.17543, 119.41686),
    ('73.71.10.1004', 'Mangasa', -5.18375, 119.43567),
    ('73.71.10.1005', 'Bongaya', -5.16889, 119.41601),
    ('73.71.10.1006', 'Balang Baru', -5.18392, 119.4128),
    ('73.71.10.1007', 'Mannuruki', -5.17551, 119.42952),
    ('73.71.10.1008', 'Pa''Baeng-Baeng', -5.17121, 119.42399),
    ('73.71.10.1009', 'Parang Tambung', -5.18981, 119.42126),
    ('73.71.10.1010', 'Tanjung Merdeka', -5.18134, 119.39345),
    ('73.71.10.1011', 'Bonto Duri', -5.18171, 119.42435),
    ('73.71.11.1001', 'Paccerakkang', -5.12517, 119.52721),
    ('73.71.11.1002', 'Daya', -5.10729, 119.50607),
    ('73.71.11.1003', 'Pai', -5.08829, 119.51562),
    ('73.71.11.1004', 'Bulurokeng', -5.07541, 119.49949),
    ('73.71.11.1005', 'Sudiang', -5.07421, 119.52733),
    ('73.71.11.1006', 'Sudiang Raya', -5.11128, 119.52932),
    ('73.71.11.1007', 'Untia', -5.06799, 119.47958),
    ('73.71.11.1008', 'Laikang', -5.10169, 119.53139),
    ('73.71.11.1009', 'Berua', -5.12183, 119.51541),
    ('73.71.11.1010', 'Katimbang', -5.13835, 119.52113),
    ('73.71.11.1011', 'Bakung', -5.09359, 119.53486),
    ('73.71.12.1001', 'Manggala', -5.16823, 119.49009),
    ('73.71.12.1002', 'Bangkala', -5.17439, 119.47463),
    ('73.71.12.1003', 'Tamangapa', -5.18131, 119.49958),
    ('73.71.12.1004', 'Antang', -5.16142, 119.47291),
    ('73.71.12.1005', 'Batua', -5.15532, 119.46598),
    ('73.71.12.1006', 'Borong', -5.16603, 119.45991),
    ('73.71.12.1007', 'Biring Romang', -5.17216, 119.48452),
    ('73.71.12.1008', 'Bitowa', -5.16286, 119.49613),
    ('73.71.13.1001', 'Tidung', -5.16764, 119.43975),
    ('73.71.13.1002', 'Kassi-Kassi', -5.17071, 119.45421),
    ('73.71.13.1003', 'Mappala', -5.1736, 119.4497),
    ('73.71.13.1004', 'Buakana', -5.15957, 119.44017),
    ('73.71.13.1005', 'Bonto Makkio', -5.1683, 119.44533),
    ('73.71.13.1006', 'Rappocini', -5.15287, 119.42816),
    ('73.71.13.1007', 'Balla Parang', -5.14989, 119.43342),
    ('73.71.13.1008', 'Banta-Bantaeng', -5.16296, 119.42894),
    ('73.71.13.1009', 'Karunrung', -5.18136, 119.45021),
    ('73.71.13.1010', 'Gunung Sari', -5.17833, 119.44051),
    ('73.71.13.1011', 'Minasa Upa', -5.18299, 119.45797),
    ('73.71.14.1001', 'Tamalanrea', -5.13108, 119.50139),
    ('73.71.14.1002', 'Kapasa', -5.12061, 119.49944),
    ('73.71.14.1003', 'Tamalanrea Indah', -5.13267, 119.48273),
    ('73.71.14.1004', 'Parang Loe', -5.10134, 119.46152),
    ('73.71.14.1005', 'Bira', -5.08552, 119.48417),
    ('73.71.14.1006', 'Tamalanrea Jaya', -5.14471, 119.49414),
    ('73.71.14.1007', 'Buntusu', -5.1399, 119.51237),
    ('73.71.14.1008', 'Kapasa Raya', -5.10743, 119.48591),
    ('73.71.15.1001', 'Barrang Caddi', -5.02047, 119.13796),
    ('73.71.15.1002', 'Barrang Lompo', -5.04848, 119.32919),
    ('73.71.15.1003', 'Kodingareng', -5.14536, 119.26615)
) v (code, name, lat, lng) JOIN org_unit k ON k.code = left(v.code, 8);

INSERT INTO org_unit (parent_id, kind, code, name, short_name, area_id)
SELECT dinkes.id, 'puskesmas', v.code, 'Puskesmas ' || v.name, v.name, k.id FROM (VALUES
    ('PKM-ANDALAS', 'Andalas', 'Bontoala'),
    ('PKM-ANTANG', 'Antang', 'Manggala'),
    ('PKM-ANTANG-PERUMNAS', 'Antang Perumnas', 'Manggala'),
    ('PKM-ANTARA', 'Antara', 'Tamalanrea'),
    ('PKM-BALLAPARANG', 'Ballaparang', 'Rappocini'),
    ('PKM-BANGKALA', 'Bangkala', 'Manggala'),
    ('PKM-BARA-BARAYA', 'Bara-Baraya', 'Makassar'),
    ('PKM-BAROMBONG', 'Barombong', 'Tamalate'),
    ('PKM-BARRANG-LOMPO', 'Barrang Lompo', 'Kepulauan Sangkarrang'),
    ('PKM-BATUA', 'Batua', 'Manggala'),
    ('PKM-BIRA', 'Bira', 'Tamalanrea'),
    ('PKM-BULUROKENG', 'Bulurokeng', 'Biringkanaya'),
    ('PKM-CENDRAWASIH', 'Cendrawasih', 'Mamajang'),
    ('PKM-DAHLIA', 'Dahlia', 'Mariso'),
    ('PKM-DAYA', 'Daya', 'Biringkanaya'),
    ('PKM-JONGAYA', 'Jongaya', 'Tamalate'),
    ('PKM-JUMPANDANG-BARU', 'Jumpandang Baru', 'Tallo'),
    ('PKM-KALUKU-BODOA', 'Kaluku Bodoa', 'Tallo'),
    ('PKM-KAPASA', 'Kapasa', 'Tamalanrea'),
    ('PKM-KARUWISI', 'Karuwisi', 'Panakkukang'),
    ('PKM-KASSI-KASSI', 'Kassi-Kassi', 'Rappocini'),
    ('PKM-KODINGARENG', 'Kodingareng', 'Kepulauan Sangkarrang'),
    ('PKM-LAYANG', 'Layang', 'Bontoala'),
    ('PKM-MACCINI-SAWAH', 'Maccini Sawah', 'Makassar'),
    ('PKM-MACCINI-SOMBALA', 'Maccini Sombala', 'Tamalate'),
    ('PKM-MAKKASAU', 'Makkasau', 'Ujung Pandang'),
    ('PKM-MALIMONGAN-BARU', 'Malimongan Baru', 'Bontoala'),
    ('PKM-MAMAJANG', 'Mamajang', 'Mamajang'),
    ('PKM-MANGASA', 'Mangasa', 'Rappocini'),
    ('PKM-MARADEKAYA', 'Maradekaya', 'Makassar'),
    ('PKM-MINASA-UPA', 'Minasa Upa', 'Rappocini'),
    ('PKM-PACCERAKKANG', 'Paccerakkang', 'Biringkanaya'),
    ('PKM-PAMPANG', 'Pampang', 'Panakkukang'),
    ('PKM-PANAMBUNGAN', 'Panambungan', 'Mariso'),
    ('PKM-PATTINGALLOANG', 'Pattingalloang', 'Ujung Tanah'),
    ('PKM-PERTIWI', 'Pertiwi', 'Mariso'),
    ('PKM-RAPPOKALLING', 'Rappokalling', 'Tallo'),
    ('PKM-SUDIANG', 'Sudiang', 'Biringkanaya'),
    ('PKM-SUDIANG-RAYA', 'Sudiang Raya', 'Biringkanaya'),
    ('PKM-TABARINGAN', 'Tabaringan', 'Ujung Tanah'),
    ('PKM-TAMALANREA', 'Tamalanrea', 'Tamalanrea'),
    ('PKM-TAMALANREA-JAYA', 'Tamalanrea Jaya', 'Tamalanrea'),
    ('PKM-TAMALATE', 'Tamalate', 'Tamalate'),
    ('PKM-TAMAMAUNG', 'Tamamaung', 'Panakkukang'),
    ('PKM-TARAKAN', 'Tarakan', 'Wajo'),
    ('PKM-TODDOPULI', 'Toddopuli', 'Panakkukang')
) v (code, name, kecamatan)
JOIN org_unit k ON k.kind = 'kecamatan' AND k.short_name = v.kecamatan
JOIN org_unit dinkes ON dinkes.code = 'DINKES';

-- The heads. Everybody else comes with the city's own list of staff.
INSERT INTO org_position (unit_id, title, kind)
SELECT id, CASE
    WHEN kind = 'kota' THEN 'Wali Kota Makassar'
    WHEN code = 'SETDA' THEN 'Sekretaris Daerah'
    WHEN code = 'SETWAN' THEN 'Sekretaris DPRD'
    WHEN code = 'INSP' THEN 'Inspektur Daerah'
    WHEN code = 'BPBD' THEN 'Kepala Pelaksana ' || name
    WHEN kind = 'rsud' THEN 'Direktur ' || name
    WHEN kind = 'bumd' THEN 'Direktur Utama ' || name
    WHEN kind = 'kecamatan' THEN 'Camat ' || short_name
    WHEN kind = 'kelurahan' THEN 'Lurah ' || short_name
    ELSE 'Kepala ' || name END, 'kepala'
FROM org_unit ORDER BY id;
INSERT INTO org_position (unit_id, title, kind, superior_id)
SELECT p.unit_id, 'Wakil Wali Kota Makassar', 'struktural', p.id
FROM org_position p JOIN org_unit u ON u.id = p.unit_id WHERE u.kind = 'kota';
-- Heads of work units and camat answer to the wali kota through the sekretaris
-- daerah, everybody else to the head of the unit above.
UPDATE org_position p SET superior_id = s.id
FROM org_unit u, org_unit su, org_position s
WHERE u.id = p.unit_id AND p.kind = 'kepala' AND s.unit_id = su.id AND s.kind = 'kepala'
    AND su.code = CASE
        WHEN u.code = 'SETDA' OR u.kind = 'bumd' THEN '73.71'
        WHEN u.kind = 'kelurahan' THEN left(u.code, 8)
        WHEN u.kind = 'puskesmas' THEN 'DINKES'
        WHEN u.kind = 'kota' THEN NULL
        ELSE 'SETDA' END;

INSERT INTO calendar_unit (unit_id, schedule_id) SELECT id, 2 FROM org_unit WHERE kind = 'puskesmas';
